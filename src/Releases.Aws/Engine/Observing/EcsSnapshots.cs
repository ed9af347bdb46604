using System.Collections.Concurrent;

namespace Releases.Aws;

/// <summary>Keeps the snapshot of each app's open promotion.</summary>
internal sealed class EcsSnapshots(EcsClient ecs, TimeProvider time)
{
    private readonly ConcurrentDictionary<AppName, EcsSnapshot> _snapshots = new();

    /// <summary>Returns the snapshot of a service's promotion; a new one if the app's last snapshot was of another promotion.</summary>
    public EcsSnapshot For(ServiceRollout service) => For(service.Rollout);

    public EcsSnapshot For(Rollout rollout)
    {
        var promotion = rollout.Promotion;
        return _snapshots.AddOrUpdate(
            rollout.App.Name, _ => New(promotion), (_, known) => known.Promotion == promotion ? known : New(promotion));
    }

    /// <summary>Returns how long the app's promotion waits before it reads ECS again.</summary>
    public TimeSpan UntilNextRead(AppName app) =>
        _snapshots.TryGetValue(app, out var snapshot) ? snapshot.Pace.Next : ReadPace.Shortest;

    /// <summary>Makes the next read of the app's promotion call ECS.</summary>
    public void Invalidate(AppName app)
    {
        if (_snapshots.TryGetValue(app, out var snapshot)) snapshot.Invalidate();
    }

    /// <summary>Removes the snapshot of a promotion that has ended, but not that of the app's next one.</summary>
    public void Remove(Rollout ended)
    {
        if (_snapshots.TryGetValue(ended.App.Name, out var known) && known.Promotion == ended.Promotion)
            _snapshots.TryRemove(new(ended.App.Name, known));
    }

    private EcsSnapshot New(PromotionId promotion) => new(ecs, promotion, new(time));
}
