using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// ECS calls a deployment done while new tasks are missing and old ones serve, where the service states early success. Whatever becomes of
/// the tasks, whatever is stated, and whenever the driver dies: a release is active only where as many of its own tasks run as are wanted.
/// </summary>
public sealed class EcsEarlySuccessTests
{
    private const int Desired = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan S30 = TimeSpan.FromSeconds(30);

    private static readonly EarlySuccessSetting?[] Stated = [null, new(50, Deferred: false), new(50, Deferred: true),
        new(100, Deferred: true)];

    /// <summary>How long after the driver's death somebody comes; null: it lives.</summary>
    private static readonly TimeSpan?[] Deaths = [null, TimeSpan.FromSeconds(12), TimeSpan.FromHours(1)];

    private readonly SharedList<bool> _wholeAtLooks = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("succeeds")]
    [InlineData("succeeds and old ones stay for a while")]
    [InlineData("succeeds and old ones stay for ever")]
    [InlineData("succeeds while old ones are sick")]
    [InlineData("stops at 1")]
    [InlineData("stops at 3")]
    [InlineData("stops at 3 and the other is unhealthy")]
    [InlineData("dies at once")]
    [InlineData("dies in part")]
    [InlineData("dies later")]
    [InlineData("fails")]
    [InlineData("never healthy")]
    [InlineData("never drains")]
    [InlineData("superseded")]
    public async Task No_plan_ends_in_a_release_that_is_active_and_not_in_place(string plan)
    {
        await using var app = await EcsScenario.Start();
        foreach (var early in Stated)
            foreach (var comesAfter in Deaths) await Run(app, plan, early, comesAfter);
    }

    [Fact]
    public async Task Old_tasks_that_outlive_the_success_are_counted_and_do_not_stand_in_the_way_of_the_next_promotion()
    {
        await using var app = await EcsScenario.Start();
        Begin(app, new(50, Deferred: true));
        var ended = await Promote(app, new TaskBehavior.BecomesHealthy(S30) { OldStopAfter = TimeSpan.FromDays(14) });
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        var web = ended.Services.Single(s => s.Service == A.Web);
        Assert.Equal((Desired, "4 old tasks keep running for now: the service defers stopping them (early success)"),
            (web.Old, web.Reason));
        Assert.Equal(PromotionStatus.Succeeded, (await Promote(app, new TaskBehavior.BecomesHealthy(S30))).Status);
    }

    [Fact]
    public async Task What_ECS_called_done_too_early_goes_back_by_an_update_with_early_success_off_and_as_it_was_afterwards()
    {
        await using var app = await EcsScenario.Start();
        Begin(app, new(50, Deferred: true));
        app.Ecs.Calls.Clear();
        var ended = await Promote(app, new TaskBehavior.PartlyHealthy(S30, 2));
        Assert.Equal(
            "web didn't complete within 2m: 2 of 4 processes are healthy (ECS reports success, but only 2 of 4 tasks are running).",
            ended.Reason);
        Assert.DoesNotContain("StopServiceDeployment", app.Ecs.Calls);
        Assert.Equal((PromotionStatus.Failed, Desired), (ended.Status, app.Ecs["hello-web"].Counts(app.Ecs.Virtual.GetUtcNow()).Running));
        Assert.Equal(new(50, Deferred: true), EarlySuccessSetting.From(app.Ecs["hello-web"].Configuration));
    }

    [Fact]
    public async Task What_was_in_place_within_the_limit_by_the_tasks_own_times_is_a_success_however_late_somebody_looks()
    {
        await using var app = await EcsScenario.Start();
        foreach (var (lands, succeeds) in new[] { (TimeSpan.FromMinutes(1), true), (TimeSpan.FromMinutes(3), false) })
        {
            Begin(app, new(25, Deferred: true));
            var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"{lands}"));
            var ended = await Drive(app, await app.Begin(next, Limit), new TaskBehavior.BecomesHealthy(lands), TimeSpan.FromHours(1));
            Assert.True(ended.Status == (succeeds ? PromotionStatus.Succeeded : PromotionStatus.Failed),
                $"{lands}: {ended.Status} {ended.Reason}");
        }
    }

    private async Task Run(EcsScenario app, string plan, EarlySuccessSetting? early, TimeSpan? comesAfter)
    {
        Begin(app, early);
        var before = (await app.Active())!.Value;
        var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"{early} {comesAfter}"));
        var ended = await Drive(app, await app.Begin(next, Limit), Of(app, plan), comesAfter);

        var details =
            $"{plan}, {early?.Stated.ToJsonString() ?? "nothing stated"}, somebody comes after {comesAfter}: {ended.Status} {ended.Reason} {string.Join(' ', ended.Services.Select(s => $"{s.Service} {s.Status} {s.Reason}"))}";
        Assert.True(ended.Ended && await app.World.Store.FindLock(A.App, Cancel) is null, details);
        var now = app.Ecs.Virtual.GetUtcNow();
        switch (ended.Status)
        {
            case PromotionStatus.Succeeded:
                Assert.True(_wholeAtLooks[^1] && await app.Active() == next.Id
                    && plan is not ("fails" or "never healthy" or "never drains" or "superseded"), details);
                break;
            case PromotionStatus.Failed:
                Assert.True(await app.Active() == before
                    && (app.Runs("web"), app.Runs("api")) == (before.ToString(), before.ToString()), details);
                var (_, running, old, left) = app.Ecs["hello-web"].Counts(now);
                Assert.True(running >= Desired && (left == 0 || ReleaseOf(app, old!) != next.Id.ToString()), details);
                Assert.True(plan is not ("succeeds" or "succeeds while old ones are sick"), details);
                break;
            default:
                Assert.True(ended.Status == PromotionStatus.Stuck && plan == "superseded" && await app.Active() == before
                    && EcsScenario.Output(ended).ExitCode == 4, details);
                break;
        }
    }

    private async Task<Promotion> Promote(EcsScenario app, TaskBehavior web)
    {
        var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", web.ToString()));
        return await Drive(app, await app.Begin(next, Limit), web, null);
    }

    /// <summary>Drives it; where somebody comes after, the driver dies when it is about to see that ECS calls web's deployment
    /// done.</summary>
    private async Task<Promotion> Drive(EcsScenario app, PromotionLock held, TaskBehavior web, TimeSpan? comesAfter)
    {
        app.Ecs.Behaviors["hello-web"] = new([web]);
        app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(20))]);
        _wholeAtLooks.Clear();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var service = app.Ecs["hello-web"];
        var deployments = service.Deployments.Count;
        app.Ecs.OnRequest = operation =>
        {
            var now = app.Ecs.Virtual.GetUtcNow();
            if (operation == "DescribeServices")
                _wholeAtLooks.Add(IsWhole(app, "hello-web", held.Release, now) && IsWhole(app, "hello-api", held.Release, now));
            if (comesAfter is not null && operation == "DescribeServiceDeployments" && service.Deployments.Count > deployments
                && service.Current.Status(now) == "SUCCESSFUL") _ = life.CancelAsync();
        };
        try
        {
            return await app.Driver.Drive(held, life.Token);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested && !Cancel.IsCancellationRequested)
        {
            (comesAfter, var late) = (null, comesAfter!.Value);
            return await app.TakeOver(held, late);
        }
    }

    /// <summary>The truth, by the world itself.</summary>
    private static bool IsWhole(EcsScenario app, string name, ReleaseId release, DateTimeOffset now)
    {
        var service = app.Ecs[name];
        var (isBack, running, _, left) = service.Counts(now);
        return !isBack && ReleaseOf(app, service.Current.Target) == release.ToString() && running >= service.Desired
            && (service.Current.FollowsDesiredCount(now) || service.Current.RunningTasks(now).Count(t => t.Healthy) >= service.Desired)
            && (left == 0 || EarlySuccessSetting.From(service.Configuration) is { Deferred: true });
    }

    private static string? ReleaseOf(EcsScenario app, string arn) => TaskTags.Find(app.Ecs.Definitions.TagsOf(arn), "convox:release");

    /// <summary>Everything is stable, with as many tasks as are wanted.</summary>
    private static void Begin(EcsScenario app, EarlySuccessSetting? early)
    {
        app.Ecs.OnRequest = _ => { };
        app.Ecs.Virtual.Advance(TimeSpan.FromHours(1));
        var (now, web) = (app.Ecs.Virtual.GetUtcNow(), app.Ecs["hello-web"]);
        (web.Desired, web.Configuration["earlySuccessCriteria"]) = (Desired, early?.Stated);
        foreach (var service in (SimulatedEcsService[])[web, app.Ecs["hello-api"]])
            service.Begin(service.Current.Primary(now), new TaskBehavior.BecomesHealthy(TimeSpan.Zero), now - TimeSpan.FromHours(1));
    }

    private static TaskBehavior Of(EcsScenario app, string plan) => plan switch
    {
        "succeeds" => new TaskBehavior.BecomesHealthy(S30),
        "succeeds and old ones stay for a while" => new TaskBehavior.BecomesHealthy(S30) { OldStopAfter = TimeSpan.FromSeconds(40) },
        "succeeds and old ones stay for ever" => new TaskBehavior.BecomesHealthy(S30) { OldStopAfter = TimeSpan.FromDays(14) },
        "succeeds while old ones are sick" => new TaskBehavior.BecomesHealthy(S30) { OldAreUnhealthy = true },
        "stops at 1" => new TaskBehavior.PartlyHealthy(S30, 1),
        "stops at 3" => new TaskBehavior.PartlyHealthy(S30, 3),
        "stops at 3 and the other is unhealthy" => new TaskBehavior.PartlyHealthy(S30, 3) { OthersRun = true },
        "dies at once" => new TaskBehavior.DiesAfterSuccess(S30, TimeSpan.Zero, 0),
        "dies in part" => new TaskBehavior.DiesAfterSuccess(S30, TimeSpan.FromSeconds(1), 2),
        "dies later" => new TaskBehavior.DiesAfterSuccess(S30, TimeSpan.FromMinutes(3), 0),
        "fails" => new TaskBehavior.Fails(TimeSpan.FromSeconds(5)),
        "never healthy" => new TaskBehavior.NeverHealthy(),
        "never drains" => new TaskBehavior.NeverDrains(),
        _ => new TaskBehavior.Superseded(TimeSpan.FromSeconds(10), Foreign(app)),
    };

    private static string Foreign(EcsScenario app)
    {
        var foreign = EcsWorld.Bootstrap();
        foreign["family"] = "terraform";
        return app.Ecs.Definitions.Add(foreign);
    }
}
