namespace Releases;

/// <summary>Represents one service of a release, with everything resolved that doesn't depend on the engine.</summary>
/// <param name="Service">The service of the manifest, with <c>${NAME}</c> resolved.</param>
/// <param name="Content">Its artifact, build and commit.</param>
/// <param name="Count">The number of processes: the app's override, else the manifest's count.</param>
/// <param name="Environment">
/// The variables of a process besides <c>PORT</c> and its address: the injected names, then the manifest's defaults, then the variables
/// that the service declares. Secret.
/// </param>
public sealed record ServiceSpec(Service Service, ReleaseService Content, int Count, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>
    /// The keys of <see cref="Environment"/> whose values come from the release's own environment; the others aren't secret.
    /// </summary>
    public IReadOnlySet<string> Secrets { get; init; } = new HashSet<string>();

    /// <summary>The app's other services with a port, whose addresses the process gets.</summary>
    public IReadOnlyList<ServiceName> Others { get; init; } = [];

    /// <summary>
    /// The variables whose default in the manifest was resolved from the release's environment, so that it contains a secret.
    /// </summary>
    public IReadOnlyList<string> ResolvedDefaults { get; init; } = [];

    /// <summary>Masks the secrets of the release's environment in what is reported about a process.</summary>
    public Redactor Redactor { get; init; } = new([]);

    /// <summary>Returns a text without values of the environment.</summary>
    public override string ToString() => $"{Service.Name} ×{Count}";
}
