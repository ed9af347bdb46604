using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>An app with a past of every kind, as pages of a real one have it.</summary>
internal static class Shop
{
    public static AppName Name => A.App;

    private static readonly string[] Commits = ["7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584", "91aa20e6f0d1c2b3a4958677f6e5d4c3b2a1908f",
        "0be4c77d2a1908f7e6d5c4b3a29180f7e6d5c4b3"];

    public static async Task<ShopRecords> Open(FakeRack rack, DateTimeOffset now, CancellationToken cancel)
    {
        var store = rack.Store;
        await store.ChangeApp(Name, a => a with { Sources = [new() { Folder = "/src/shop", Remote = "github.com/acme/shop", Path = "." }] },
            A.Event(), cancel);
        Release? active = null, rollback = null;
        Promotion? failed = null, cancelled = null;
        for (var i = 1; i <= 34; i++)
        {
            var (made, at) = (i, now - TimeSpan.FromHours(3 * (36 - i)));
            var release = await store.Release(with: r => r with
            {
                CreatedAt = at,
                CreatedBy = made % 3 == 0 ? "grace@laptop" : "ci (https://ci.example/shop/actions/runs/" + (4000 + made) + ")",
                Description = (made % 5) switch
                {
                    0 => "env change:GREETING remove:OLD_FLAG",
                    3 => $"build {Commits[made % 3][..10]} Show the basket on every page, also on a phone, where it was cut off ({made})",
                    _ => $"build {Commits[made % 3][..10]} Prices with tax ({made})"
                },
                Commit = Commits[made % 3],
                Services = r.Services.ToDictionary(s => s.Key,
                    s => s.Value with { Commit = Commits[made % 3], Artifact = A.Artifact($"content {made}") }),
            }, cancel: cancel);
            if (i % 4 == 0) await Promote(store, release, PromotionStatus.Succeeded, at + TimeSpan.FromMinutes(4), cancel);
            if (i == 28) active = release;
            if (i == 30) failed = await Promote(store, release, PromotionStatus.Failed, at + TimeSpan.FromMinutes(9), cancel);
            if (i == 31) cancelled = await Promote(store, release, PromotionStatus.Cancelled, at + TimeSpan.FromMinutes(2), cancel);
            if (i != 33) continue;
            rollback = release;
        }

        var build = A.Build() with
        {
            StartedAt = now - TimeSpan.FromMinutes(50),
            EndedAt = now - TimeSpan.FromMinutes(49),
            Commit = Commits[0],
            Release = active!.Id
        };
        await store.SaveBuild(build, cancel);
        await store.AppendBuildLog(Name, build.Id, 0,
            "  Determining projects to restore...\n\e[32mRestored\e[0m Shop.csproj\n\e[33mwarning CS0618: 'X' is obsolete\e[0m\n  Shop -> /src/shop/bin/Release/net10.0/Shop.dll\n", cancel);
        await store.SaveBuild(A.Build(BuildStatus.Failed) with
        {
            StartedAt = now - TimeSpan.FromHours(5),
            EndedAt = now - TimeSpan.FromHours(4.99),
            Reason = "Cart.cs(17,4): error CS1002: ; expected",
            Release = null
        }, cancel);
        foreach (var (process, status) in new[] { ("web-4f21", ProcessStatus.Healthy), ("web-9c02", ProcessStatus.Unhealthy) })
            rack.NowRunning.ProcessList.Add(new(process, A.Web, active.Id, status, now - TimeSpan.FromHours(2), 0, 4711, 64 * 1024 * 1024));
        rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 2, 2, 1, active.Id, null));
        await Promote(store, rollback!, PromotionStatus.Cancelled, now - TimeSpan.FromMinutes(25), cancel);
        Measure(rack.Measured!, active.Id, now);
        await store.ChangeApp(Name, a => a with { Pinned = [active.Id] }, A.Event(), cancel);
        var hook = A.Hook() with { CreatedAt = now - TimeSpan.FromDays(3) };
        await rack.Hooks.AddHook(hook, A.Event(EventKind.HookAdded), cancel);
        var delivered = new HookAttempt("evt_1", "promotionEnded", now - TimeSpan.FromHours(2), HookOutcome.Delivered, 1, 41, 204, null);
        var progress = HookProgress.Of(hook).Past("1", delivered).Again(now + TimeSpan.FromSeconds(80), new("evt_2", "promotionStarted",
            now - TimeSpan.FromMinutes(2), HookOutcome.Retrying, 3, 10_004, null, "the receiver didn't answer within 10 s"));
        await rack.Hooks.TrySaveProgress(progress with { Revision = 1 }, cancel);
        for (var i = 0; i < 60; i++)
            rack.NowRunning.Lines.Add(new(now - TimeSpan.FromSeconds(61 - i), A.Web, i % 2 == 0 ? "web-4f21" : "web-9c02", active.Id,
                (i % 9) switch
                {
                    3 => "\e[33mwarn\e[0m: Shop.Prices[12] the cache is cold",
                    7 => "\e[41m\e[30mfail\e[39m\e[49m: Shop.Orders[3] order 4711 has no address",
                    _ => $"\e[32minfo\e[0m: Microsoft.Hosting.Lifetime[14] GET /basket/{i} 200 in 12 ms"
                }));
        return new(active, rollback!, failed!, cancelled!, build, hook);
    }

    private static void Measure(FakeMetrics measured, ReleaseId release, DateTimeOffset now)
    {
        measured.Now = now;
        IReadOnlyList<MinuteMetrics> minutes = [.. Enumerable.Range(1, 45).Reverse().Select(ago => new MinuteMetrics(
            now - TimeSpan.FromMinutes(ago),
            new(200 + 37 * (ago % 7), ago is > 20 and < 25 ? 6 : 0, 0, 0, 0, null, TimeSpan.FromMilliseconds(30 + ago % 5 * 8), null),
            2, TimeSpan.FromSeconds(9 + ago % 4), (60 + ago % 6) * 1024L * 1024))];
        measured.Services.Add(new(A.Web, release, minutes[0].Traffic, 0, minutes));
    }

    private static async Task<Promotion> Promote(IReleaseStore store, Release release, PromotionStatus outcome, DateTimeOffset at,
        CancellationToken cancel)
    {
        var app = await store.RequireApp(Name, cancel);
        var (isFailed, isDone) = (outcome == PromotionStatus.Failed, outcome == PromotionStatus.Succeeded);
        var promotion = A.Promotion(release, previous: app.Active) with
        { StartedAt = at, Deadline = at + TimeSpan.FromMinutes(10), StartedBy = "grace@laptop" };
        var held = await store.BeginPromotion(promotion, "a test",
            A.Event(EventKind.PromotionStarted, release.Id, promotion.Id, by: "grace@laptop") with { At = at }, cancel);
        var web = new PromotionService { Service = A.Web, Desired = 2, Healthy = isDone ? 2 : 0, Running = isDone ? 2 : 0 }
            .At(ServiceStatus.Waiting, at).At(ServiceStatus.Starting, at + TimeSpan.FromSeconds(2));
        web = isDone
            ? web.At(ServiceStatus.Healthy, at + TimeSpan.FromSeconds(14)).At(ServiceStatus.Draining, at + TimeSpan.FromSeconds(18))
                .At(ServiceStatus.Complete, at + TimeSpan.FromSeconds(29))
            : web.At(ServiceStatus.Failed, at + TimeSpan.FromSeconds(20)).At(ServiceStatus.RollingBack, at + TimeSpan.FromSeconds(21))
                .At(ServiceStatus.RolledBack, at + TimeSpan.FromSeconds(28));
        var ended = promotion with
        {
            Status = outcome,
            EndedAt = at + TimeSpan.FromSeconds(31),
            Reason = isFailed
                ? "web exited with code 134 before it became healthy (3 times)"
                : outcome == PromotionStatus.Cancelled ? "Cancelled by grace@laptop" : null,
            FailedService = isFailed ? A.Web : null,
            Services = [isFailed
                ? web with { Reason = "it exited with code 134", LastLines = ["\e[41m\e[30mfail\e[39m\e[49m: Startup",
                    "Unhandled exception. System.InvalidOperationException: DATABASE_URL is not set."] }
                : web],
        };
        await store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id, by: "grace@laptop") with
        { At = ended.EndedAt.Value, Detail = ended.Reason ?? "succeeded" }, cancel);
        return ended;
    }
}

/// <summary>What pages of the app are about.</summary>
internal sealed record ShopRecords(Release Active, Release Newer, Promotion Failed, Promotion Cancelled, Build Build, Hook Hook);
