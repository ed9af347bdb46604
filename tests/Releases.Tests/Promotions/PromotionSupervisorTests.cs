using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A process that begins promotions, takes over those whose driver is gone, and leaves what is open when it stops.</summary>
public sealed partial class PromotionSupervisorTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    private readonly SharedList<string> _reports = [];
    private readonly TaskCompletionSource<Promotion?> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_whose_environment_is_stored_with_the_start_of_its_promotion_is_begun_without_it()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var app = await scenario.Store.RequireApp(scenario.App);
        var release = scenario.V2 with { Id = ReleaseId.New(), Number = app.LastNumber + 1, Environment = SnapshotId.New() };
        var addition = new ReleaseAddition(release, app.Latest, scenario.By(EventKind.ReleaseCreated), Snapshot: [1]) { Active = app.Active };
        var request = new PromotionRequest(PromotionId.New(), scenario.App, release.Id, A.Person) { Adds = addition };
        Assert.NotNull((await scenario.Beginning.Run(request, "a test", TestContext.Current.CancellationToken)).Held);
    }

    [Fact]
    public async Task What_it_begins_is_driven_to_its_end()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await using var supervisor = Supervisor(scenario, TimeSpan.Zero);
        await supervisor.Begin(new(PromotionId.New(), scenario.App, scenario.V2.Id, "anna"));
        Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
        Assert.Equal(scenario.V2.Id, (await scenario.Store.FindApp(scenario.App, Cancel))!.Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_driver_with_a_collector_sends_the_trace_and_the_record_says_so(bool hasCollector)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        SharedList<Promotion> sent = [];
        Func<Promotion, Task>? send = hasCollector ? Send : null;
        await using var supervisor = Supervisor(scenario, TimeSpan.Zero, change: o => o with { SendTrace = () => send });
        var request = new PromotionRequest(PromotionId.New(), scenario.App, scenario.V2.Id, "anna") { Trace = PromotionTrace.New() };
        await supervisor.Begin(request);
        await Released();
        var recorded = (await scenario.Store.FindPromotion(scenario.App, request.Id, Cancel))!;
        Assert.Equal(request.Trace with { IsSentByDriver = hasCollector }, recorded.Trace);
        Assert.Equal(hasCollector ? [recorded.Id] : [], sent.Select(p => p.Id));

        Task Send(Promotion ended)
        {
            sent.Add(ended);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_daemon_takes_over_at_once()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2);
        await using var supervisor = Supervisor(scenario, TimeSpan.Zero);
        await supervisor.EnsureDriven(scenario.App, Cancel);
        Assert.Equal((held.Promotion, PromotionStatus.Succeeded), ((await Released())!.Id, (await Released())!.Status));
        Assert.Equal($"promotion {held.Promotion} was taken over from driver", Assert.Single(_reports));
    }

    [Fact]
    public async Task A_lock_that_beats_is_left_alone_and_one_that_is_silent_for_twelve_seconds_is_taken_over()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2);
        await using var supervisor = Supervisor(scenario, Lease);
        for (var beat = 0; beat < 10; beat++)
        {
            await supervisor.EnsureDriven(scenario.App, Cancel);
            scenario.Time.Advance(Lease - TimeSpan.FromSeconds(1));
            held = await scenario.Store.RenewLock(held, scenario.Time.GetUtcNow(), Cancel);
        }

        await supervisor.EnsureDriven(scenario.App, Cancel);
        scenario.Time.Advance(Lease - TimeSpan.FromSeconds(1));
        await supervisor.EnsureDriven(scenario.App, Cancel);
        Assert.Empty(_reports);
        scenario.Time.Advance(TimeSpan.FromSeconds(1));
        await supervisor.EnsureDriven(scenario.App, Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
        Assert.EndsWith("from driver, which gave no sign for 12s", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_open_when_it_stops_is_left_to_a_successor()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scenario.Engine.Waiting = async cancel =>
        {
            waits.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };
        var id = PromotionId.New();
        await using (var supervisor = Supervisor(scenario, TimeSpan.Zero))
        {
            await supervisor.Begin(new(id, scenario.App, scenario.V2.Id, "anna"));
            await waits.Task.WaitAsync(Patience.Limit, Cancel);
            Assert.NotNull(supervisor.Driving(scenario.App, id));
        }

        Assert.Null(await Released());
        Assert.Equal(id, (await scenario.Store.FindLock(scenario.App, Cancel))!.Promotion);
        scenario.Engine.Waiting = _ => Task.CompletedTask;
        var released = new TaskCompletionSource<Promotion?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var successor = Supervisor(scenario, TimeSpan.Zero, released);
        await successor.EnsureDriven(scenario.App, Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await released.Task.WaitAsync(Patience.Limit, Cancel))!.Status);
    }

    [Fact]
    public async Task What_it_cannot_drive_is_given_up_and_said_to_whoever_asks_again()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var store = scenario.Store;
        scenario.Store = FailingStore.Around(store, call => call == nameof(IReleaseStore.SavePromotion), kind: ProblemKind.Failed);
        await using var supervisor = Supervisor(scenario, Lease);
        await supervisor.Begin(new(PromotionId.New(), scenario.App, scenario.V2.Id, "anna"));
        Assert.Null(await Released());
        var givenUp = await Assert.ThrowsAsync<ProblemException>(() => supervisor.EnsureDriven(scenario.App, Cancel));
        Assert.Equal(ProblemKind.NeedsPerson, givenUp.Kind);
        await supervisor.EnsureDriven(AppName.Parse("another"), Cancel);
        Assert.NotNull(await store.FindLock(scenario.App, Cancel));
    }

    [Fact]
    public async Task What_is_handed_over_is_begun_and_left_to_an_agent_which_takes_it_at_once()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var id = PromotionId.New();
        await using var command = Supervisor(scenario, Lease);
        await command.HandOver(new(id, scenario.App, scenario.V2.Id, "anna"));
        Assert.Null(command.Driving(scenario.App, id));
        await command.EnsureDriven(scenario.App, Cancel);
        Assert.Null(command.Driving(scenario.App, id));
        Assert.True((await scenario.Store.FindPromotion(scenario.App, id, Cancel))!.IsHandedOver);

        var takenOver = 0;
        await using var agent = Supervisor(scenario, Lease, change: o => o with { TakesOffered = true, TakenOver = () => takenOver++ });
        await agent.EnsureDriven(scenario.App, Cancel);
        Assert.Equal((id, PromotionStatus.Succeeded), ((await Released())!.Id, (await Released())!.Status));
        Assert.Equal(0, takenOver);
        Assert.Equal($"promotion {id} of {scenario.V2.Id} in hello, begun by anna", Assert.Single(_reports));
    }

    [Fact]
    public async Task What_was_handed_over_is_not_driven_by_whoever_asks_again_for_it()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var request = new PromotionRequest(PromotionId.New(), scenario.App, scenario.V2.Id, "anna");
        await using var command = Supervisor(scenario, Lease);
        await command.HandOver(request);
        await command.Begin(request);
        Assert.Null(command.Driving(scenario.App, request.Id));
        Assert.True((await scenario.Store.FindLock(scenario.App, Cancel))!.IsUntouched);
    }

    [Fact]
    public async Task A_command_takes_what_it_handed_over_when_no_agent_comes()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await using var command = Supervisor(scenario, Lease);
        await command.HandOver(new(PromotionId.New(), scenario.App, scenario.V2.Id, "anna"));
        await command.EnsureDriven(scenario.App, Cancel);
        scenario.Time.Advance(Lease);
        await command.EnsureDriven(scenario.App, Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
    }

    [Fact]
    public async Task What_an_agent_leaves_when_it_stops_another_takes_without_waiting_for_silence()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scenario.Engine.Waiting = async cancel =>
        {
            waits.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };
        var id = PromotionId.New();
        await using (var stopping = Supervisor(scenario, Lease, change: o => o with { TakesOffered = true, OffersOnStop = true }))
        {
            await stopping.Begin(new(id, scenario.App, scenario.V2.Id, "anna"));
            await waits.Task.WaitAsync(Patience.Limit, Cancel);
        }

        Assert.True((await scenario.Store.FindLock(scenario.App, Cancel))!.IsOffered);
        scenario.Engine.Waiting = _ => Task.CompletedTask;
        var (takenOver, released) = (0, new TaskCompletionSource<Promotion?>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var agent = Supervisor(scenario, Lease, released, o => o with { TakesOffered = true, TakenOver = () => takenOver++ });
        await agent.EnsureDriven(scenario.App, Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await released.Task.WaitAsync(Patience.Limit, Cancel))!.Status);
        Assert.Equal((1, $"promotion {id} was left by this test"), (takenOver, Assert.Single(_reports)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_newer_version_has_to_drive_is_not_taken_over_until_this_one_can_read_it(bool isAgent)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await scenario.Begin(scenario.V2);
        var store = scenario.Store;
        var isNewer = true;
        scenario.Store = FailingStore.Around(
            store, call => isNewer && call == nameof(IReleaseStore.FindPromotion), ProblemCode.NewerFormat);
        await using var supervisor = Supervisor(scenario, TimeSpan.Zero, change: o => o with { TakesOffered = isAgent });
        var token = (await store.FindLock(scenario.App, Cancel))!.Token;
        for (var look = 0; look < 3; look++)
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => supervisor.EnsureDriven(scenario.App, Cancel));
            Assert.Equal(ProblemCode.NewerFormat, refused.Problems[0].Code);
        }

        Assert.Equal(token, (await store.FindLock(scenario.App, Cancel))!.Token);
        isNewer = false;
        await supervisor.EnsureDriven(scenario.App, Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
    }

    [Fact]
    public async Task Stopping_waits_once_for_all_that_is_cleaned_up_and_not_for_each()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var settling = 0;
        scenario.Engine.Settling = stop =>
        {
            Interlocked.Increment(ref settling);
            return Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        var within = TimeSpan.FromSeconds(10);
        await using var supervisor = Supervisor(scenario, TimeSpan.Zero, change: o => o with { SettleWithin = within });
        for (var i = 1; i <= 4; i++)
        {
            var app = AppName.Parse($"app{i}");
            await scenario.Store.CreateApp(app, scenario.By(EventKind.AppCreated), Cancel);
            await supervisor.Begin(new(PromotionId.New(), app, (await scenario.AddRelease(of: app)).Id, "anna"));
            await Patience.Until(() => Volatile.Read(ref settling) == i);
        }

        var began = scenario.Time.GetUtcNow();
        await supervisor.Stop();
        Assert.Equal(within, scenario.Time.GetUtcNow() - began);
    }

    private Task<Promotion?> Released() => _released.Task.WaitAsync(Patience.Limit, Cancel);

    private PromotionSupervisor Supervisor(
        PromoteScenario scenario, TimeSpan takeOverAfter, TaskCompletionSource<Promotion?>? released = null,
        Func<SupervisorOptions, SupervisorOptions>? change = null)
    {
        var options = new SupervisorOptions("this test", _reports.Add)
        {
            TakeOverAfter = takeOverAfter,
            GivesUp = takeOverAfter > TimeSpan.Zero,
            Released = (_, ended) =>
            {
                (released ?? _released).TrySetResult(ended);
                return Task.CompletedTask;
            },
        };
        return new(scenario.Store, scenario.Beginning, scenario.Driver, change?.Invoke(options) ?? options,
            new SteppingTime(scenario.Time));
    }
}
