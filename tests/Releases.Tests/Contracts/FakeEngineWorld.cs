using Microsoft.Extensions.Time.Testing;
using Releases.Testing;

namespace Releases.Tests.Contracts;

internal sealed class FakeEngineWorld : EngineWorld
{
    private readonly FakeEngine _engine = new(new FakeTimeProvider());
    private readonly Dictionary<PromotionId, ReleaseId> _releases = [];

    public override IEngine Engine => _engine;

    public override Task<Rollout> Release(RolloutOutcome outcome, params string[] services)
    {
        var release = A.Release();
        var promotion = PromotionId.New();
        _releases[promotion] = release.Id;
        foreach (var service in services) _engine.Outcomes[ServiceName.Parse(service)] = outcome;
        var app = App.New(A.App, A.Event());
        return Task.FromResult(new Rollout(app, release, promotion, [.. services.Select(Spec)]));
    }

    public override Task<ReleaseId?> Serves(string service) =>
        Task.FromResult(_engine.Runs(service) is { } promotion ? _releases[promotion] : (ReleaseId?)null);

    /// <summary>The fake's world lives on by itself, as that of ECS does.</summary>
    public override Task Die(Rollout? active) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ServiceSpec Spec(string name) => new(
        new() { Name = ServiceName.Parse(name), Port = 8080 }, new() { Artifact = A.Artifact() }, 1, new Dictionary<string, string>());
}
