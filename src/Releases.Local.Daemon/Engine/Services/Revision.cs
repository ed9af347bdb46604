namespace Releases.Local;

/// <summary>What one promotion made of one service: instances of the same release under another promotion are other instances.</summary>
/// <param name="Promotion">The promotion that brought it.</param>
/// <param name="Release">The release.</param>
/// <param name="App">The app.</param>
/// <param name="Spec">How it is run.</param>
internal sealed record Revision(PromotionId Promotion, ReleaseId Release, AppName App, ServiceSpec Spec)
{
    /// <summary>Whether every old instance stays beside the new ones until these have been tried.</summary>
    public bool KeepsOld { get; init; }

    public string Id => Promotion.ToString();

    public Service Service => Spec.Service;

    public Wanted Wanted(int? held = null, bool breaker = false) => new(Id, Spec.Count, Service.Deployment, held, breaker);
}
