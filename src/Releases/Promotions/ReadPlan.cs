namespace Releases;

/// <summary>Reads from a rack what running a release means. Decides nothing about machines.</summary>
public sealed class ReadPlan(IReleaseStore store, IVault vault, string rackName)
{
    /// <summary>The plan of this release, with the app's counts.</summary>
    public async Task<PromotionPlan> Of(App app, Release release, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(release);
        var problems = new List<Problem>();
        var environment = await Environment(app, release, problems, cancel);
        var redactor = new Redactor(environment.Select(v => v.Value));
        if (release.Manifest is not { } manifestId)
            return new([], [.. problems, Incomplete(app, release, "no service has been built yet")], PromotionPlan.DefaultTimeout, redactor);

        var reading = ManifestReader.Read(await store.ReadManifest(manifestId, cancel), $"the manifest of {release.Id}");
        if (reading.Manifest is not { } manifest) return new([], [.. problems, .. reading.Problems], PromotionPlan.DefaultTimeout, redactor);

        if (release.Missing.Where(m => manifest.Find(m)?.Image is null).ToList() is { Count: > 0 } missing)
            problems.Add(Incomplete(app, release, $"no artifact yet for: {string.Join(", ", missing)}"));
        var required = new SortedSet<string>(StringComparer.Ordinal);
        var unresolved = manifest;
        manifest = manifest with { Environment = ManifestVariables.Resolve(manifest.Environment, environment, required) };
        List<ServiceSpec> services =
            [.. manifest.Services.Select(s => Resolve(app, release, manifest, s, environment, required)).OfType<ServiceSpec>().Select(s => s with { ResolvedDefaults = FromTheEnvironment(unresolved, s, environment) })];
        if (required.Count > 0)
            problems.Add(new(
                ProblemCode.RequiredEnvironment, $"required env: {string.Join(", ", required)}.",
                $"Set what is missing with: dotnet convox env set {string.Join(' ', required.Select(k => k + "=…"))} -a {app.Name}"));
        return new(services, problems, manifest.Timeout, redactor);
    }

    private async Task<EnvironmentSet> Environment(App app, Release release, List<Problem> problems, CancellationToken cancel)
    {
        if (release.Environment is not { } snapshot) return EnvironmentSet.Empty;
        try
        {
            return await vault.Open(app.Name, snapshot, await store.ReadSnapshot(app.Name, snapshot, cancel), cancel);
        }
        catch (ProblemException closed)
        {
            problems.AddRange(closed.Problems);
            return EnvironmentSet.Empty;
        }
    }

    private ServiceSpec? Resolve(
        App app, Release release, Manifest manifest, Service service, EnvironmentSet environment, SortedSet<string> required)
    {
        var resolved = ManifestVariables.Resolve(service, environment, required);
        var variables = ProcessEnvironment.Of(manifest, resolved, environment, required);
        if (!release.Services.TryGetValue(service.Name, out var content)) return null;
        content = content with { Artifact = content.Artifact ?? (resolved.Image is { } image ? Artifact.ImageOf(image) : null) };
        if (content.Artifact is null) return null;
        var secrets = variables.Keys.Where(k => environment.TryGet(k, out _)).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in Injected(app, release, service, content)) variables[key] = value;
        return new(resolved, content, app.CountOf(service), variables) { Secrets = secrets };
    }

    private static List<string> FromTheEnvironment(Manifest unresolved, ServiceSpec spec, EnvironmentSet environment) =>
    [
        .. unresolved.Environment.Concat(unresolved.Find(spec.Service.Name)!.Environment)
            .Where(d => ManifestVariables.HasAny(d.Default) && !environment.TryGet(d.Key, out _)).Select(d => d.Key).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Convox's names; those of the build are of the artifact's own.</summary>
    private IEnumerable<KeyValuePair<string, string>> Injected(App app, Release release, Service service, ReleaseService content) =>
    [
        new("APP", app.Name.ToString()),
        new("BUILD", content.Build?.ToString() ?? ""),
        new("BUILD_DESCRIPTION", content.BuildDescription),
        new("BUILD_GIT_SHA", content.Commit ?? ""),
        new("RACK", rackName),
        new("RELEASE", release.Id.ToString()),
        new("SERVICE", service.Name.ToString()),
    ];

    private static Problem Incomplete(App app, Release release, string what) => new(
        ProblemCode.Incomplete, $"{release.Id} of {app.Name} is incomplete: {what}.",
        "Publish what is missing with: dotnet publish -p:ConvoxRelease=true");
}
