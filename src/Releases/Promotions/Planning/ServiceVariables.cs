namespace Releases;

/// <summary>Works out what one service of a release is given, and what keeps that from being known.</summary>
internal sealed class ServiceVariables(App app, Release release, Manifest manifest, Service service, EnvironmentSet environment, string rackName)
{
    /// <summary>The service resolved, with its environment; null where it has nothing to run.</summary>
    /// <param name="required">Takes the variables that have no value.</param>
    /// <param name="problems">Takes what else is wrong.</param>
    public ServiceSpec? Resolve(SortedSet<string> required, List<Problem> problems)
    {
        var content = release.Services.GetValueOrDefault(service.Name) ?? new();
        List<EnvironmentDeclaration> declared = [.. manifest.Environment, .. service.Environment];
        var injected = Injected(content);
        var scope = new VariableScope(environment, declared, injected, LateOnes());
        var resolved = ManifestVariables.Resolve(service, scope);
        var variables = ProcessEnvironment.Of(declared, environment, scope);
        required.UnionWith(scope.Missing.Where(k => !IsTheRacks(k)));
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
        };
    }

    /// <summary>Convox's names; those of the build are of the artifact's own.</summary>
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
        [EnvironmentSet.DataFolder, .. Others().Select(o => o.UrlVariable), .. service.Port is null ? Enumerable.Empty<string>() : ["PORT", service.Name.UrlVariable]];

    private IEnumerable<ServiceName> Others() => manifest.Services.Where(s => s.Port is not null && s.Name != service.Name).Select(s => s.Name);

    private static bool IsTheRacks(string name) => EnvironmentSet.IsReserved(name) || name == EnvironmentSet.DataFolder;

    private static Problem Loop(string loop) => new(
        ProblemCode.Unresolvable, $"The defaults of convox.yml lead back to themselves: {loop}.", "Give one of them a value of its own, there or with: dotnet convox env set");

    private Problem NotGiven(string name) => new(
        ProblemCode.Unresolvable, $"{service.Name} refers to ${{{name}}}, and the rack gives it none there.",
        name == "PORT" && service.Port is null
            ? $"State a port in {ManifestReader.FileName}, for example: services: {{ {service.Name}: {{ port: 8080 }} }}"
            : "It is known when a process starts: use it in the default of a variable, or in a command that sh reads.");

    /// <summary>Debian's and Alpine's <c>sh</c> drops what it could not name itself, so the program would never see it.</summary>
    private IEnumerable<Problem> LostInShell(Dictionary<string, string> variables)
    {
        var odd = variables.Keys.Where(k => k.AsSpan().ContainsAny('.', '-')).Order(StringComparer.Ordinal).ToList();
        if (odd.Count == 0) yield break;
        foreach (var (key, command) in new[] { ("command", service.Command), ("release", service.Release) })
            if (command?.Shell is not null)
                yield return new(
                    ProblemCode.Unresolvable, $"'{key}' of {service.Name} is a text that sh reads, and sh does not hand on variables whose names have '.' or '-': {string.Join(", ", odd)}.",
                    $"Write '{key}' as a list, for example: [dotnet, App.dll]; or state the variables of {service.Name} under 'environment', without these.");
    }
}
