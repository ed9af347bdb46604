namespace Releases;

/// <summary>One service of a release with everything resolved that does not depend on the engine.</summary>
/// <param name="Service">The manifest's service, <c>${NAME}</c> resolved.</param>
/// <param name="Content">Artifact, build and commit.</param>
/// <param name="Count">How many processes: the app's override, else the manifest's count.</param>
/// <param name="Environment">
/// What a process gets beside <c>PORT</c> and its address: the injected names, then the manifest's defaults, then the
/// variables that the service declares. Secret.
/// </param>
public sealed record ServiceSpec(Service Service, ReleaseService Content, int Count, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Prints no value of the environment.</summary>
    public override string ToString() => $"{Service.Name} ×{Count}";
}
