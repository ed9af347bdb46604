using System.Text.Json.Nodes;
using Releases.Testing.Simulation.Ecs;

namespace Releases.Aws.Tests.Chaos;

/// <summary>
/// Holds what promotions claim against what ECS was asked and what it ran. It knows ECS's documents and the tags, and nothing of the
/// program: a misunderstanding would have to be made twice.
/// </summary>
/// <param name="log">Every change that ECS was asked for.</param>
/// <param name="ecs">What it ran.</param>
/// <param name="promotions">What the records have.</param>
internal sealed class PromotionAudit(IReadOnlyList<LoggedRequest> log, SimulatedEcs ecs, IReadOnlyList<Promotion> promotions)
{
    private readonly Dictionary<string, Promotion> _records = promotions.ToDictionary(p => p.Id.ToString());
    private readonly List<string> _violations = [];

    /// <summary>What isn't as it has to be.</summary>
    public IReadOnlyList<string> Run()
    {
        var revisions = Registered();
        foreach (var promotion in promotions.Where(p => !p.Ended || p.Status == PromotionStatus.Stuck))
            _violations.Add($"{promotion.Id} of {promotion.App} has no end: {promotion.Status}");
        foreach (var (service, ofService) in revisions.GroupBy(r => r.Service).ToDictionary(r => r.Key, r => r.ToList()))
            new ServiceAudit(service, ofService, ecs[service], log, _records, _violations).Run();
        // An update of a stack would put the newest one in place.
        foreach (var left in revisions.Where(r =>
            _records.GetValueOrDefault(r.Promotion)?.Status is PromotionStatus.Failed or PromotionStatus.Cancelled
            && ecs.Definitions.Active(r.Family).Contains(r.Arn)))
            _violations.Add($"{left.Promotion} failed and left {left.Arn} active");
        foreach (var command in ecs.StandaloneTasks.All.GroupBy(t => Tag(ecs.Definitions.TagsOf(t.Definition), "service")
            + " of " + Tag(ecs.Definitions.TagsOf(t.Definition), "promotion")).Where(g => g.Count() > 1))
            _violations.Add($"the release command of {command.Key} ran {command.Count()} times");
        return _violations;
    }

    /// <summary>The revisions that promotions registered for services; each once.</summary>
    private List<Revision> Registered()
    {
        var revisions = log.Where(r => r.Operation == "RegisterTaskDefinition" && r.Output is not null)
            .Select(r => (r.At, Tags: r.Input["tags"] as JsonArray, Family: r.Text("family")!,
                Arn: r.Output!["taskDefinition"]!["taskDefinitionArn"]!.GetValue<string>()))
            .Where(r => Tag(r.Tags, "promotion") is not null)
            .Select(r => new Revision(
                r.Arn, Tag(r.Tags, "promotion")!, $"{Tag(r.Tags, "app")}-{Tag(r.Tags, "service")}", r.Family, r.At)).ToList();
        foreach (var twice in revisions.GroupBy(r => (r.Promotion, r.Family)).Where(g => g.Count() > 1))
            _violations.Add($"{twice.Key.Promotion} registered {twice.Key.Family} {twice.Count()} times");
        foreach (var unknown in revisions.Where(r => !_records.ContainsKey(r.Promotion)))
            _violations.Add($"ECS was asked for {unknown.Promotion}, which the records don't have");
        return [.. revisions.Where(r => !r.Family.EndsWith("-run", StringComparison.Ordinal))];
    }

    private static string? Tag(JsonArray? tags, string key) =>
        tags?.OfType<JsonObject>().FirstOrDefault(t => t["key"]!.GetValue<string>() == $"convox:{key}")?["value"]!.GetValue<string>();
}

/// <summary>A task definition that a promotion registered for a service.</summary>
internal sealed record Revision(string Arn, string Promotion, string Service, string Family, DateTimeOffset At);
