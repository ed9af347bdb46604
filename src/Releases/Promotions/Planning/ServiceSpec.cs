namespace Releases;

/// <summary>One service of a release, with everything resolved that doesn't depend on the engine.</summary>
/// <param name="Service">The manifest's service, <c>${NAME}</c> resolved.</param>
/// <param name="Content">Artifact, build and commit.</param>
/// <param name="Count">How many processes: the app's override, else the manifest's count.</param>
/// <param name="Environment">
/// What a process gets besides <c>PORT</c> and its address: the injected names, then the manifest's defaults, then the
/// variables that the service declares. Secret.
/// </param>
public sealed record ServiceSpec(Service Service, ReleaseService Content, int Count, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The keys of <see cref="Environment"/> whose values come from the release's own environment; the others are no
    /// secrets.</summary>
    public IReadOnlySet<string> Secrets { get; init; } = new HashSet<string>();

    /// <summary>The app's other services that listen, whose addresses the process gets.</summary>
    public IReadOnlyList<ServiceName> Others { get; init; } = [];

    /// <summary>Variables whose default in the manifest was resolved from the release's environment, so that it holds a secret.</summary>
    public IReadOnlyList<string> ResolvedDefaults { get; init; } = [];

    /// <summary>Prints no value of the environment.</summary>
    public override string ToString() => $"{Service.Name} ×{Count}";
}
