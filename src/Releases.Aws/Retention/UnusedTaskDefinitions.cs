using System.Text.Json;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Deregisters the task definitions that promotions of pruned releases registered. Every promotion registers its own, so nothing is lost; a
/// definition that a running task uses is kept, and one that somebody else has deleted is done.
/// </summary>
internal sealed class UnusedTaskDefinitions(IReleaseStore store, EcsClient ecs, JsonService service)
{
    private const int PageSize = 100;

    public async Task Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel)
    {
        var gone = pruned.Select(r => r.Id).ToHashSet();
        var registered = new List<(ServiceName Service, string Definition)>();
        await foreach (var promotion in Promotions(app, cancel))
            if (gone.Contains(promotion.Release)) registered.AddRange(Registered(promotion));
        foreach (var definitions in registered.GroupBy(r => r.Service, r => r.Definition))
        {
            var family = TaskFamily.ForService(ecs.Cluster, app, definitions.Key);
            var running = (await ecs.TasksOfFamily(family, EcsDesiredStatus.Running, cancel)).Select(t => t.TaskDefinition).ToHashSet();
            foreach (var definition in definitions.Where(d => !running.Contains(d)))
                await Deregister(definition, cancel);
        }
    }

    private async Task Deregister(string definition, CancellationToken cancel)
    {
        try
        {
            await service.Repeat("DeregisterTaskDefinition", new() { ["taskDefinition"] = definition }, cancel);
        }
        catch (AmazonServiceException refused) when (AwsFailure.KindOf(refused) == AwsFailureKind.Refused)
        {
            if (await ecs.IsActive(definition, cancel)) throw;
        }
    }

    private static IEnumerable<(ServiceName Service, string Definition)> Registered(Promotion promotion) =>
        promotion.Services.Select(s => (s.Service, s.Engine?.Deserialize(EcsJson.Default.ServiceJournal)?.Ours))
            .Where(s => s.Ours is not null).Select(s => (s.Service, s.Ours!));

    private async IAsyncEnumerable<Promotion> Promotions(AppName app,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        PromotionId? before = null;
        while (true)
        {
            var page = await store.ListPromotions(app, PageSize, before, cancel);
            foreach (var promotion in page) yield return promotion;
            if (page.Count < PageSize) yield break;
            before = page[^1].Id;
        }
    }
}
