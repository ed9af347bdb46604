using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// A service that a promotion set to 0 tasks, because its release no longer had it, gets them back with a release that has it again. So it
/// is checked, verified, held and waited for like one that has tasks.
/// </summary>
public sealed class ReturningServiceTests : IAsyncLifetime
{
    private static readonly string WithoutApi =
        EcsScenario.TwoServices[..EcsScenario.TwoServices.IndexOf("  api:", StringComparison.Ordinal)];

    private static readonly string Verified =
        EcsScenario.TwoServices.Replace("    build: Api\n", "    build: Api\n    verify: ./smoke.sh\n", StringComparison.Ordinal);

    private EcsScenario _app = null!;

    private SimulatedEcsService Api => _app.Ecs["hello-api"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The active release has no api, which had two tasks.</summary>
    public async ValueTask InitializeAsync()
    {
        _app = await EcsScenario.Start();
        await Promote(WithoutApi);
        Assert.Equal(0, Api.Desired);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_rollback_to_the_former_name_of_an_apps_only_service_isnt_refused_as_empty()
    {
        await Promote(EcsScenario.TwoServices.Replace("  web:\n    build: Web\n    port: 8080\n    x-aws: { container: web }\n", "",
            StringComparison.Ordinal));
        Assert.Equal((0, 2), (_app.Ecs["hello-web"].Desired, Api.Desired));
        await Promote(WithoutApi);
        Assert.Equal((2, 0), (_app.Ecs["hello-web"].Desired, Api.Desired));
    }

    [Fact]
    public async Task It_cant_be_held_if_ECS_rolls_it()
    {
        _app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1);
        var held = await _app.Begin(await Add(EcsScenario.TwoServices), holdFor: TimeSpan.FromMinutes(30));
        var refused = await _app.Driver.Drive(held, Cancel);
        Assert.Equal(PromotionStatus.Failed, refused.Status);
        Assert.StartsWith("api can't be held: ECS deploys hello-api by ROLLING", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Api.Desired);
    }

    [Fact]
    public async Task It_is_verified_and_held_without_traffic_and_its_bake_is_part_of_the_limit()
    {
        Api.Shifts("BLUE_GREEN", bake: 7);
        var held = await _app.Begin(await Add(Verified), holdFor: TimeSpan.FromMinutes(30));
        var seen = new List<(ServiceStatus, int?)>();
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (promotion.VerifyCommands.Any(c => c.IsOpen) || promotion.WaitsForApproval)
                seen.AddRange(promotion.Services.Where(s => $"{s.Service}" == "api").Select(s => (s.Status, s.Share)));
            if (promotion.WaitsForApproval)
                await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
        });
        _app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1);
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("returned"));
        Assert.Single(ended.VerifyCommands);
        Assert.Equal([(ServiceStatus.Healthy, 0)], seen.Distinct());
        Assert.Equal(TimeSpan.FromMinutes(10 + 7), ended.Deadline - ended.StartedAt);
        Assert.Equal(2, Api.Desired);
    }

    [Fact]
    public async Task One_that_ECS_rolls_waits_for_it()
    {
        Api.Shifts("BLUE_GREEN", bake: 1);
        var ended = await _app.Run(await Add(EcsScenario.TwoServices));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("returned"));
        Assert.Equal([("web", true), ("api", false)], ended.Services.Select(s => ($"{s.Service}", s.MovesLast)));
    }

    [Fact]
    public async Task A_dry_run_has_the_count_that_it_gets_and_the_time_that_ECS_takes()
    {
        Api.Shifts("BLUE_GREEN", bake: 7);
        var planned = await _app.World.Composition.Preview().Read(
            new(await _app.World.Store.RequireApp(A.App, Cancel), _app.V2, PromotionId.New(), [EcsWorld.Spec("api")]), Cancel);
        Assert.Equal((2, 7 * 60), (planned.Services[ServiceName.Parse("api")].Count, planned.Traffic.RackSeconds));
    }

    [Fact]
    public async Task It_gets_them_also_after_a_return_that_failed_and_with_another_base()
    {
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.NeverHealthy(), new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(5))]);
        var family = EcsScenario.TwoServices.Replace(
            "    build: Api\n    x-aws: { container: web }", "    build: Api\n    x-aws: { container: web, base: family }",
            StringComparison.Ordinal);
        var newest = EcsWorld.Bootstrap();
        newest["family"] = "bootstrap-api";
        _app.Ecs.Definitions.Add(newest);
        var failed = await _app.Run(await Add(family), EcsScenario.ShortLimit);
        Assert.True(failed is { Status: PromotionStatus.Failed, FailedService: not null }, failed.Describe("failed"));
        Assert.Equal(0, Api.Desired);

        await Promote(family);
        Assert.Equal(2, Api.Desired);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_has_returned_and_is_set_to_0_on_purpose_keeps_that(bool isDroppedAgain)
    {
        await Promote(EcsScenario.TwoServices);
        Assert.Equal(2, Api.Desired);
        Api.Desired = 0;
        if (isDroppedAgain) await Promote(WithoutApi);
        await Promote(EcsScenario.TwoServices);
        Assert.Equal(0, Api.Desired);
    }

    private Task<Release> Add(string manifest) => _app.AddRelease(manifest, ("SECRET", "another secret"));

    private async Task Promote(string manifest)
    {
        var ended = await _app.Run(await Add(manifest));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("promoted"));
    }
}
