namespace Releases;

/// <summary>Resolves the variables of one service of a release, or determines what prevents that.</summary>
internal sealed class ServiceVariables(App app, Release release, Manifest manifest, Service service,
    EnvironmentSet environment, Redactor redactor, string rackName)
{
    /// <summary>Returns the resolved service with its environment, or null if it wasn't built.</summary>
    /// <param name="required">Receives the variables without a value, with the services that need them.</param>
    /// <param name="problems">Receives everything else that is wrong.</param>
    public ServiceSpec? Resolve(SortedDictionary<string, List<ServiceName>> required, List<Problem> problems)
    {
        var content = release.Services.GetValueOrDefault(service.Name) ?? new();
        List<EnvironmentDeclaration> declared = [.. manifest.Environment, .. service.Environment];
        var injected = Injected(content);
        var scope = new VariableScope(environment, declared, injected, LateOnes());
        var resolved = ManifestVariables.Resolve(service, scope);
        var variables = ProcessEnvironment.Of(declared, environment, scope);
        foreach (var missing in scope.Missing.Where(k => !IsTheRacks(k)))
        {
            if (required.TryGetValue(missing, out var services)) services.Add(service.Name);
            else required.Add(missing, [service.Name]);
        }

        problems.AddRange(scope.Loops.Select(Loop));
        problems.AddRange(scope.Missing.Where(IsTheRacks).Select(NotGiven));
        problems.AddRange(LostInShell(variables));
        content = content with { Artifact = content.Artifact ?? (resolved.Image is { } image ? Artifact.ImageOf(image) : null) };
        if (content.Artifact is null) return null;
        var secrets = variables.Keys.Where(k => environment.TryGet(k, out _)).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in injected) variables[key] = value;
        return new(resolved, content, app.CountOf(service), variables)
        {
            Secrets = secrets,
            ResolvedDefaults = [.. scope.SecretDefaults.Where(variables.ContainsKey)],
            Others = [.. Others()],
            Redactor = redactor,
        };
    }

    /// <summary>The variables that Convox injects; those about the build are the artifact's.</summary>
    private Dictionary<string, string> Injected(ReleaseService content) => new(StringComparer.Ordinal)
    {
        ["APP"] = app.Name.ToString(),
        ["BUILD"] = content.Build?.ToString() ?? "",
        ["BUILD_DESCRIPTION"] = content.BuildDescription,
        ["BUILD_GIT_SHA"] = content.Commit ?? "",
        ["RACK"] = rackName,
        ["RELEASE"] = release.Id.ToString(),
        ["SERVICE"] = service.Name.ToString(),
    };

    private HashSet<string> LateOnes() =>
        [EnvironmentSet.DataFolder, .. Others().Select(o => o.UrlVariable),
            .. service.Port is null ? Enumerable.Empty<string>() : ["PORT", service.Name.UrlVariable]];

    private IEnumerable<ServiceName> Others() =>
        manifest.Services.Where(s => s.Port is not null && s.Name != service.Name).Select(s => s.Name);

    private static bool IsTheRacks(string name) => EnvironmentSet.IsReserved(name) || name == EnvironmentSet.DataFolder;

    private Problem Loop(string loop) => new(
        ProblemCode.Unresolvable, $"defaults in convox.yml refer to each other in a loop: {loop}.",
        Remedy.Do(
            Operation.SetEnvironment, "Set one of them", OperationOption.From, release.Id.ToString(), OperationOption.Promote));

    private Problem NotGiven(string name) => new(
        ProblemCode.Unresolvable, $"{service.Name} refers to ${{{name}}}, which has no value there.",
        name == "PORT" && service.Port is null
            ? $"Set a port in {ManifestReader.FileName}, for example: services: {{ {service.Name}: {{ port: 8080 }} }}"
            : "Its value is only known when a process starts: use it in the default of a variable, or in a command that sh runs.");

    /// <summary>
    /// Debian's and Alpine's <c>sh</c> drops variables whose names it can't use itself, so the program would never see them.
    /// </summary>
    private IEnumerable<Problem> LostInShell(Dictionary<string, string> variables)
    {
        var odd = variables.Keys.Where(k => k.AsSpan().ContainsAny('.', '-')).Order(StringComparer.Ordinal).ToList();
        if (odd.Count == 0) yield break;
        foreach (var (key, command) in new[] { ("command", service.Command), ("release", service.Release), ("verify", service.Verify) })
            if (command?.Shell is not null)
                yield return new(
                    ProblemCode.Unresolvable,
                    $"'{key}' of {service.Name} is a string that sh runs, and sh drops variables whose names have '.' or '-': "
                        + $"{string.Join(", ", odd)}.",
                    $"Write '{key}' as a list, for example [dotnet, App.dll], or list the variables of {service.Name} under 'environment' "
                        + "without these.");
    }
}
