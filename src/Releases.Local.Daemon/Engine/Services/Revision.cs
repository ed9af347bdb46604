namespace Releases.Local;

/// <summary>
/// Represents a service as one promotion rolls it out. Instances of the same release under another promotion belong to another revision.
/// </summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="Release">The release.</param>
/// <param name="App">The app.</param>
/// <param name="Spec">How to run the service.</param>
internal sealed record Revision(PromotionId Promotion, ReleaseId Release, AppName App, ServiceSpec Spec)
{
    /// <summary>Gets whether all old instances stay beside the new ones until these have been tested.</summary>
    public bool KeepsOld { get; init; }

    public string Id => Promotion.ToString();

    public Service Service => Spec.Service;

    public Wanted Wanted(int? held = null, bool breaker = false) => new(Id, Spec.Count, Service.Deployment, held, breaker);
}
