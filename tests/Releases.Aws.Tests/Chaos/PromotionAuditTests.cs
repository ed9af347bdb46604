using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Chaos;

/// <summary>The audit finds what it is there to find.</summary>
public sealed class PromotionAuditTests : IAsyncLifetime
{
    private static readonly PromotionId First = PromotionId.Parse("PAAAAAAAAAA");
    private static readonly PromotionId Second = PromotionId.Parse("PBBBBBBBBBB");

    private readonly SimulatedEcs _ecs = new() { TimeToHealthy = TimeSpan.FromSeconds(10) };
    private readonly List<LoggedRequest> _log = [];
    private readonly List<Promotion> _promotions = [];
    private string _bootstrap = "";

    public ValueTask InitializeAsync()
    {
        _bootstrap = _ecs.Definitions.Add(Definition("bootstrap", null));
        _ecs.Add("shop-web", _bootstrap, tags: []);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _ecs.DisposeAsync();

    [Fact]
    public void Nothing_is_wrong_with_a_promotion_that_is_what_it_claims()
    {
        Update(Register(First));
        Pass(20);
        End(First, PromotionStatus.Succeeded);
        Assert.Empty(Audited());
    }

    [Fact]
    public void A_success_that_ECS_does_not_run_is_found()
    {
        Update(Register(First));
        End(First, PromotionStatus.Succeeded);
        Assert.Contains(Audited(), v => v.Contains("ended as Succeeded while a deployment was", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_that_left_its_release_is_found()
    {
        Update(Register(First));
        Pass(20);
        End(First, PromotionStatus.Failed);
        Assert.Contains(Audited(), v => v.Contains("as before", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_registered_or_started_twice_is_found()
    {
        Register(First);
        var again = Register(First);
        Update(again);
        Update(again);
        Pass(20);
        End(First, PromotionStatus.Succeeded);
        Assert.Equal(2, Audited().Count(v => v.Contains("2 times", StringComparison.Ordinal)
            || v.Contains("twice", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_older_decision_after_a_newer_one_is_found()
    {
        var older = Register(First);
        Update(older);
        Pass(20);
        Update(_bootstrap);
        Pass(20);
        End(First, PromotionStatus.Failed);
        Update(Register(Second));
        Pass(20);
        Update(older);
        Pass(20);
        End(Second, PromotionStatus.Failed);
        Assert.Contains(Audited(), v => v.Contains($"which is older than {Second}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_start_after_the_rollback_began_and_after_the_end_is_found()
    {
        var ours = Register(First);
        Update(ours);
        Pass(20);
        Update(_bootstrap);
        Pass(20);
        End(First, PromotionStatus.Failed);
        Pass(1);
        Update(ours);
        var found = Audited();
        Assert.Contains(found, v => v.Contains("again after its rollback began", StringComparison.Ordinal));
        Assert.Contains(found, v => v.Contains("had ended", StringComparison.Ordinal));
    }

    [Fact]
    public void A_promotion_without_an_end_or_without_a_record_is_found()
    {
        Register(First);
        _promotions.Add(Record(Second, PromotionStatus.RollingOut));
        var found = Audited();
        Assert.Contains(found, v => v.Contains("has no end", StringComparison.Ordinal));
        Assert.Contains(found, v => v.Contains("which the records don't have", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_failed_promotion_left_active_and_what_it_changes_after_its_end_is_found()
    {
        var ours = Register(First);
        Update(ours);
        Pass(20);
        Update(_bootstrap);
        Pass(20);
        End(First, PromotionStatus.Failed);
        Assert.Contains(Audited(), v => v.Contains($"left {ours} active", StringComparison.Ordinal));

        Pass(60);
        Log("DeregisterTaskDefinition", new() { ["taskDefinition"] = ours }, []);
        _ecs.Definitions.Deregister(new() { ["taskDefinition"] = ours });
        Log("UpdateService", new() { ["service"] = "shop-web", ["desiredCount"] = 1 }, []);
        var found = Audited();
        Assert.DoesNotContain(found, v => v.Contains("active", StringComparison.Ordinal));
        Assert.Equal(["DeregisterTaskDefinition", "UpdateService"], found.Where(v => v.Contains("had ended", StringComparison.Ordinal))
            .Select(v => v.Split("asked for ")[1].Split(' ')[0]));
    }

    [Fact]
    public void A_rollback_that_took_longer_than_its_limit_is_found()
    {
        Update(Register(First));
        Pass(20);
        Update(_bootstrap);
        var deadline = _ecs.Virtual.GetUtcNow().AddSeconds(5);
        Pass(20);
        End(First, PromotionStatus.Failed);
        _promotions[0] = _promotions[0] with { RollbackDeadline = deadline };
        Assert.Contains(Audited(), v => v.Contains("after the limit of the rollback", StringComparison.Ordinal));
    }

    private IReadOnlyList<string> Audited() => new PromotionAudit(_log, _ecs, _promotions).Run();

    private void Pass(int seconds) => _ecs.Virtual.Advance(TimeSpan.FromSeconds(seconds));

    private string Register(PromotionId promotion)
    {
        var input = Definition("production-shop-web-convox", promotion);
        var arn = _ecs.Definitions.Add((JsonObject)input.DeepClone());
        Log("RegisterTaskDefinition", input, new() { ["taskDefinition"] = new JsonObject { ["taskDefinitionArn"] = arn } });
        Pass(1);
        return arn;
    }

    private void Update(string target)
    {
        Log("UpdateService", new() { ["service"] = "shop-web", ["taskDefinition"] = target }, []);
        if (target != _ecs["shop-web"].Current.Primary(_ecs.Virtual.GetUtcNow()))
            _ecs["shop-web"].Begin(target, new TaskBehavior.BecomesHealthy(_ecs.TimeToHealthy), _ecs.Virtual.GetUtcNow());
    }

    private void End(PromotionId promotion, PromotionStatus status) =>
        _promotions.Add(Record(promotion, status) with { EndedAt = _ecs.Virtual.GetUtcNow() });

    private void Log(string operation, JsonObject input, JsonObject output) =>
        _log.Add(new(_ecs.Virtual.GetUtcNow(), "somebody", operation, input, output));

    private Promotion Record(PromotionId id, PromotionStatus status) => new()
    {
        Id = id,
        App = AppName.Parse("shop"),
        Release = A.Release().Id,
        Status = status,
        StartedBy = "somebody",
        StartedAt = _ecs.Virtual.GetUtcNow(),
        Deadline = _ecs.Virtual.GetUtcNow().AddMinutes(10),
    };

    private static JsonObject Definition(string family, PromotionId? promotion) => new()
    {
        ["family"] = family,
        ["containerDefinitions"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = "web:1" }),
        ["tags"] = promotion is null ? [] : new JsonArray(
            Tag("app", "shop"), Tag("service", "web"), Tag("promotion", promotion.ToString()!)),
    };

    private static JsonObject Tag(string key, string value) => new() { ["key"] = $"convox:{key}", ["value"] = value };
}
