namespace Releases;

/// <summary>Represents the services of a rollout as they are passed to the engine, each with its journal.</summary>
internal sealed class RolloutServices(Rollout rollout, PromotionJournal journal)
{
    public Rollout Rollout => rollout;

    /// <summary>All services of the promotion.</summary>
    public IReadOnlyList<ServiceRollout> All => Where(_ => true);

    public IReadOnlyList<ServiceRollout> Where(Func<PromotionService, bool> isMeant) =>
        [.. journal.Promotion.Services.Where(isMeant).Select(s => Of(s.Service))];

    public ServiceRollout Of(ServiceName service) => new(
        rollout, rollout.Services.SingleOrDefault(s => s.Service.Name == service) ?? Unresolved(service), journal.Notes(service));

    /// <summary>A rollback has to work even if the release can't be read.</summary>
    private static ServiceSpec Unresolved(ServiceName service) =>
        new(new Service { Name = service }, new ReleaseService(), 0, new Dictionary<string, string>());
}
