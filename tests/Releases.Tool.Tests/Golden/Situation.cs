using System.Collections.Frozen;
using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>What an app may be like when somebody types a command.</summary>
internal sealed class Situation(FakeRack rack, WaitedForTime time)
{
    private const string Manifest = "services:\n  web:\n    build: Hello\n    port: 3000\n    scale:\n      count: 2\n";

    private readonly ScriptedDriver _driver = new(rack);

    private static CancellationToken Ending => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Every situation by its name, from the emptiest on.</summary>
    public static FrozenDictionary<string, Func<Situation, Task>> All { get; } = new Dictionary<string, Func<Situation, Task>>
    {
        ["no app"] = _ => Task.CompletedTask,
        ["empty"] = s => s.App(),
        ["environment alone"] = s => s.Incomplete(),
        ["nothing in it"] = s => s.Emptied(),
        ["never promoted"] = s => s.Release("build 7329df90c1 the first"),
        ["running"] = s => s.Runs(),
        ["newer release"] = s => s.Newer(),
        ["degraded"] = s => s.Runs(healthy: 1, problem: "port 20000 is in use by another program"),
        ["drifted"] = s => s.Drifts(),
        ["rack stopped"] = s => s.Stopped(),
        ["not measured"] = s => s.NotMeasured(),
        ["promoting"] = s => s.Promoting(),
        ["holding"] = s => s.Holding(),
        ["in a step"] = s => s.InAStep(),
        ["driver gone"] = s => s.Abandoned(),
        ["last one failed"] = s => s.Ended(PromotionStatus.Failed, "web exited with code 1 before it became healthy (3 times)"),
        ["last one stuck"] = s => s.Ended(PromotionStatus.Stuck, "the rollback didn't finish within 15m"),
        ["last one cancelled"] = s => s.Ended(PromotionStatus.Cancelled, "somebody@box cancelled it"),
        ["rebuilt"] = s => s.Rebuilt(),
        ["breaking"] = s => s.Breaking(),
        ["old releases"] = s => s.Old(),
        ["pruned"] = s => s.Pruned(),
        ["locked"] = s => s.Locked(),
        ["hooked"] = s => s.Hooked(),
        ["hook delivers"] = s => s.Delivered(HookOutcome.Delivered, 204, null),
        ["hook fails"] = s => s.Delivered(HookOutcome.Retrying, 500, "it answered 500"),
        ["hook gone"] = s => s.Delivered(
            HookOutcome.GivenUp, 410, "it answered 410", p => p with { DisabledAt = A.Moment, NextAttempt = null }),
        ["the next fails"] = s => s.Next(p => p.Web(ServiceStatus.Starting).Web(ServiceStatus.Failed, reason: "exited with code 1",
            lastLines: "cannot connect").Ends(PromotionStatus.Failed, "web exited with code 1 before it became healthy (3 times)")),
        ["the next is refused"] = s => s.Next(p => p.Ends(PromotionStatus.Failed, "the check found something", f => f with
        {
            Findings = [Finding.From(new(ProblemCode.RequiredEnvironment, "missing required environment variable DATABASE_URL (web).",
                Remedy.Do(Operation.SetEnvironment, "Set it", "DATABASE_URL=…", "--from", f.Release.ToString(), "--promote")))],
            Services = [],
        })),
        ["the next sticks"] = s => s.Next(p => p.Web(ServiceStatus.Starting).Web(ServiceStatus.Stuck, reason: "does not end")
            .Ends(PromotionStatus.Stuck, "the rollback didn't finish within 15m")),
        ["the next is cancelled"] = s =>
            s.Next(p => p.Web(ServiceStatus.Starting).Ends(PromotionStatus.Cancelled, "somebody@box cancelled it")),
    }.ToFrozenDictionary();

    /// <summary>Makes it so, and lets every promotion that begins later go well unless the situation says otherwise.</summary>
    public async Task Make(string name)
    {
        rack.DrivenBy = _driver;
        rack.Stored.Add(A.Artifact());
        await All[name](this);
        for (var i = 0; i < 2; i++) _driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Healthy, healthy: 2)
            .Web(ServiceStatus.Draining, healthy: 2, old: 2).Ends(PromotionStatus.Succeeded);
    }

    private async Task<Hook> Hooked()
    {
        await Runs();
        rack.Bus = new FakeBus();
        var context = new OperationContext(rack, time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());
        return (await new AddHook(context).Run(new(await App(), "eventbridge:default", "promotionEnded"), Ending)).Hook;
    }

    private async Task Delivered(
        HookOutcome outcome, int status, string? detail, Func<HookProgress, HookProgress>? with = null)
    {
        var hook = await Hooked();
        var attempt = new HookAttempt("evt_0f6b2a4c8d1e3f5a7b9c0d2e4f6a8b1c", "promotionEnded", A.Moment + TimeSpan.FromMinutes(14),
            outcome, 3, 41, status, detail);
        var progress = HookProgress.Of(hook);
        progress = detail is null ? progress.Past("1", attempt) : progress.Again(time.GetUtcNow() + TimeSpan.FromSeconds(20), attempt);
        await rack.Hooks.TrySaveProgress((with?.Invoke(progress) ?? progress) with { Revision = 1 }, Ending);
    }

    private Task<App> App() => rack.Store.App(cancel: Ending);

    private async Task Incomplete()
    {
        await App();
        await Set("GREETING", "hello");
    }

    private async Task Emptied()
    {
        await Incomplete();
        await new EnvironmentRelease(rack, time).Create(new(A.App, new([], ["GREETING"]), null, A.Person, false), Ending);
    }

    private Task<CreatedRelease?> Set(string key, string value) =>
        new EnvironmentRelease(rack, time).Create(new(A.App, new(EnvironmentSet.Of([new(key, value)]), []), null, A.Person, false), Ending);

    private async Task<Release> Release(string description, string? content = null)
    {
        var app = await App();
        var build = A.Build(description: description) with { EndedAt = A.Moment + TimeSpan.FromSeconds(75) };
        var release = A.Release(app.LastNumber + 1, description: description) with
        { BasedOn = app.Latest, Manifest = ManifestId.Of(Manifest), Build = build.Id, Commit = build.Commit };
        if (content is not null)
            release = release with
            {
                Services = new Dictionary<ServiceName, ReleaseService>
                { [A.Web] = new() { Artifact = rack.Stored.Add(A.Artifact(content) with { Bytes = 48_234_496 }), Build = build.Id } }
            };
        await rack.Store.TryAddRelease(
            new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), Manifest, Build: build with { Release = release.Id }),
            Ending);
        return release;
    }

    private async Task<Release> Runs(int healthy = 2, string? problem = null)
    {
        var first = await Release("build 7329df90c1 the first");
        await rack.Store.Promoted(first, cancel: Ending);
        await Set("GREETING", "hello");
        var second = (await rack.Store.FindRelease(A.App, ReleaseReference.Parse("v2"), Ending))!;
        await rack.Store.Promoted(second, cancel: Ending);
        Live(second.Id, healthy, problem);
        return second;
    }

    private void Live(ReleaseId release, int healthy = 2, string? problem = null)
    {
        rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 2, 2, healthy,
            release, problem));
        for (var i = 1; i <= 2; i++) rack.NowRunning.ProcessList.Add(new($"web-{i}", A.Web, release,
            i <= healthy ? ProcessStatus.Healthy : ProcessStatus.Unhealthy, A.Moment, i - 1, 4710 + i, 1024));
        rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", release, "listening"));
        var traffic = new TrafficMetrics(12345, 67, 8, 1_234_567, 98_765_432, TimeSpan.FromMilliseconds(1.25),
            TimeSpan.FromMilliseconds(35), TimeSpan.FromSeconds(1.5));
        rack.Measured!.Services.Add(new(A.Web, release, traffic, 9, [new(A.Moment, traffic, 2, TimeSpan.FromSeconds(3), 2048)]));
        for (var i = 1; i <= 2; i++) rack.Measured.Processes.Add(new($"web-{i}", A.Web, release, 0.3 * i, 64 * 1024 * 1024));
        var (worker, none) = (ServiceName.Parse("worker"), new TrafficMetrics(0, 0, 0, 0, 0, null, null, null));
        rack.Measured.Services.Add(new(worker, release, none, 0, [new(A.Moment, none, 1, TimeSpan.FromSeconds(1), 1024)]));
        // Of a release that is gone and had no request, nothing is printed.
        rack.Measured.Services.Add(new(A.Web, ReleaseId.Parse("ROCHMCOUESG"), none, 0, [new(A.Moment, none, 1, TimeSpan.Zero, 0)]));
        rack.Measured.Processes.Add(new("worker-1", worker, release, 0.01, 32 * 1024 * 1024));
    }

    private async Task Rebuilt()
    {
        await Runs();
        await rack.Store.Promoted(await Release("build 50f4fdd54b the next", "the next"), cancel: Ending);
    }

    private async Task<Release> Newer()
    {
        await Runs();
        return await Release("build 50f4fdd54b the next");
    }

    private async Task Drifts()
    {
        await Runs();
        var first = (await rack.Store.FindRelease(A.App, ReleaseReference.Parse("v1"), Ending))!;
        rack.NowRunning.ServiceList.Clear();
        rack.NowRunning.ProcessList.Clear();
        Live(first.Id);
    }

    private async Task Stopped()
    {
        await Runs();
        rack.NowRunning.ServiceList.Clear();
        rack.NowRunning.ProcessList.Clear();
    }

    private async Task NotMeasured()
    {
        await Runs();
        rack.Measured = null;
    }

    private async Task Promoting()
    {
        var next = await Newer();
        await _driver.Begin(new(PromotionId.New(), A.App, next.Id, A.Person), Ending);
    }

    /// <summary>Everything is ready, and it waits for an approval.</summary>
    private async Task Holding()
    {
        await Promoting();
        await _driver.Web(ServiceStatus.Healthy, healthy: 2, old: 2).Step();
        await _driver.Then(p => Planned(p) with
        {
            Hold = new() { Seconds = 3600, Since = A.Moment + TimeSpan.FromMinutes(5) },
            VerifyCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment + TimeSpan.FromSeconds(3), ExitCode = 0,
                LastLines = ["it has a basket"] }],
        }).Step();
        var service = rack.NowRunning.ServiceList[0];
        rack.NowRunning.ServiceList[0] = service with { Candidate = new(_driver.Begun[^1].Release, "http://127.0.0.1:30001/") };
    }

    /// <summary>It was verified, and the new processes have some of the traffic.</summary>
    private async Task InAStep()
    {
        await Holding();
        await _driver.Then(p => p with
        {
            Hold = p.Hold! with { ApprovedBy = "another@box", ApprovedAt = A.Moment + TimeSpan.FromMinutes(10) },
            Traffic = new(1, 10, A.Moment + TimeSpan.FromMinutes(10)),
            Steps = [p.Steps[0] with { EndedAt = A.Moment + TimeSpan.FromMinutes(10) }, new(1, 10, A.Moment + TimeSpan.FromMinutes(10))],
        }).Step();
    }

    private static Promotion Planned(Promotion promotion) => promotion with
    {
        Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 600, KeepsOld = true },
            new(100) { HoldSeconds = 300, KeepsOld = true }, new(100)]),
        Traffic = new(0, 0, A.Moment),
        Steps = [new(0, 0, A.Moment)],
    };

    private async Task Abandoned()
    {
        await Promoting();
        _driver.IsGone = true;
        time.Advance(TimeSpan.FromHours(3));
    }

    private async Task Ended(PromotionStatus outcome, string reason)
    {
        await Promoting();
        _driver.Web(outcome == PromotionStatus.Stuck
            ? ServiceStatus.Stuck
            : ServiceStatus.RolledBack, reason: reason, lastLines: "cannot connect to the database").Ends(outcome, reason);
        await _driver.Step();
        await _driver.Step();
    }

    /// <summary>What is active states that what was before no longer works.</summary>
    private async Task Breaking()
    {
        await Runs();
        var app = await App();
        var release = A.Release(3, description: "build 50f4fdd54b the new tables") with
        {
            BasedOn = app.Latest,
            Manifest = ManifestId.Of(Manifest),
            Oldest = 3,
            Services = new Dictionary<ServiceName, ReleaseService>
            {
                [A.Web] = new() { Artifact = A.Artifact("the new tables"), Build = BuildId.New() },
            },
        };
        await rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), Manifest), Ending);
        await rack.Store.Promoted(release, cancel: Ending);
    }

    /// <summary>Two that retention no longer keeps, and a third that is pinned.</summary>
    private async Task Old()
    {
        for (var n = 1; n <= 4; n++) await Release($"build 7329df90c1 version {n}", $"{n}");
        await Runs();
        await rack.Store.ChangeApp(A.App, a => a with { Retention = new(2, 90) }, A.Event(EventKind.RetentionChanged), Ending);
        await rack.Store.ChangeApp(A.App, a => a with
        {
            Pinned = [rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending)
            .GetAwaiter().GetResult().Id]
        }, A.Event(EventKind.RetentionChanged), Ending);
        time.Advance(TimeSpan.FromDays(91));
    }

    private async Task Pruned()
    {
        await Old();
        await new PruneReleases(rack.Store, rack.Removal, time).Run(A.App, A.Person, Ending);
    }

    private async Task Locked()
    {
        await Newer();
        await rack.Store.ChangeApp(A.App, a => a with { Hold = new("another@box", A.Moment, "database migration until 15:00") },
            A.Event(EventKind.AppLocked), Ending);
    }

    private async Task Next(Action<ScriptedDriver> script)
    {
        await Newer();
        script(_driver);
    }
}
