using System.Globalization;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>
/// A year of an app: releases with real artifacts, promotions, rollbacks, changes of the environment and pins, pruned after every
/// promotion. It is 300 releases, and as many as <c>CONVOX_YEAR</c> says: <c>CONVOX_YEAR=5000</c> takes a minute.
/// </summary>
public sealed class YearTests : ArtifactTest
{
    private const int Files = 3;
    private const int MaxFileBytes = 400;

    private static readonly int ReleaseCount =
        int.TryParse(Environment.GetEnvironmentVariable("CONVOX_YEAR"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : 300;

    private static readonly RetentionSettings Settings = new(30, 14);

    private readonly Random _random = new(1);
    private readonly Queue<ReleaseId> _promoted = new();

    [Fact]
    public async Task The_disk_stays_within_what_the_settings_say_and_every_kept_release_can_be_promoted()
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        await rack.Store.CreateApp(A.App, A.Event(), Cancel);
        await rack.Store.ChangeApp(A.App, a => a with { Retention = Settings }, A.Event(EventKind.RetentionChanged), Cancel);
        var (most, promotions) = (0, 0);
        for (var n = 1; n <= ReleaseCount; n++)
        {
            Time.Advance(TimeSpan.FromDays(365) / ReleaseCount);
            await Next(rack, n);
            if (n % 100 == 50) await Pin(rack);
            if (n % Math.Max(2, ReleaseCount / 300) != 0) continue;
            promotions++;
            await Promote(rack);
            await new PruneReleases(rack.Store, rack.Removal, Time).Run(A.App, A.Person, Cancel);
            most = Math.Max(most, StoreChecker.Artifacts(Home).Count);
            Assert.InRange(StoreChecker.Artifacts(Home).Count, 1, await Bound(rack));
        }

        Assert.True(promotions >= 100);
        IsSound();
        Assert.Empty(StoreChecker.Unnamed(Home));
        Assert.InRange(StoreChecker.Files(Home).Sum(f => new FileInfo(f).Length), 1, most * Files * MaxFileBytes);
        var releases = await rack.Store.ListReleases(A.App, int.MaxValue, cancel: Cancel);
        Assert.Equal(ReleaseCount, releases.Count);
        Assert.True(releases.Count(r => r.PrunedAt is not null) > ReleaseCount / 2);
        var app = await rack.Store.RequireApp(A.App, Cancel);
        var plans = new ReleasePlanReader(rack.Store, rack.Vault, "local");
        foreach (var kept in releases.Where(r => r.PrunedAt is null))
        {
            Assert.Empty((await plans.Read(app, kept, Cancel)).Problems);
            Assert.Null(await rack.Artifacts.Verify(kept.Services[A.Web].Artifact!, Cancel));
        }

        Assert.All(app.Pinned.Concat(_promoted), id => Assert.Null(releases.Single(r => r.Id == id).PrunedAt));
        TestContext.Current.SendDiagnosticMessage($"{ReleaseCount} releases, {promotions} promotions: at most {most} artifacts");
    }

    /// <summary>The newest, those of the last days, the last promotions, the active and latest one, pins, and what is made until the next
    /// promotion.</summary>
    private static async Task<int> Bound(LocalRack rack)
    {
        var young = (int)Math.Ceiling(ReleaseCount * (Settings.Days + 1) / 365d);
        return Math.Max(Settings.Keep, young) + RetentionPolicy.ProtectedPromotions + 2
            + (await rack.Store.RequireApp(A.App, Cancel)).Pinned.Count;
    }

    /// <summary>Mostly a build; sometimes a change of the environment, which keeps the artifact, or a copy of an older one.</summary>
    private async Task Next(LocalRack rack, int n)
    {
        var app = await rack.Store.RequireApp(A.App, Cancel);
        if (n > 10 && n % 7 == 0) await Add(rack, app, (await Any(rack)).Services, n);
        else if (n > 10 && n % 5 == 0) await Add(rack, app,
            (await rack.Store.RequireRelease(A.App, app.Latest!.Value, Cancel)).Services, n);
        else
        {
            Write("Hello.dll", $"assembly {n}");
            Write($"wwwroot/{n % Files}.txt", $"page {n / 10}");
            await Add(rack, app, new Dictionary<ServiceName, ReleaseService>
            { [A.Web] = new() { Artifact = await rack.Artifacts.Store(Published, "Hello", Cancel), Build = BuildId.New() } }, n);
        }
    }

    private async Task Add(LocalRack rack, App app, IReadOnlyDictionary<ServiceName, ReleaseService> services, int n)
    {
        const string manifest = "services: { web: { port: 8080 } }";
        var release = A.Release(n) with
        { Services = services, BasedOn = app.Latest, CreatedAt = Time.GetUtcNow(), Manifest = ManifestId.Of(manifest) };
        Assert.True(await rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest),
            Cancel));
    }

    private async Task Promote(LocalRack rack)
    {
        var release = await Any(rack);
        await rack.Store.Promoted(release, cancel: Cancel);
        if (_promoted.Contains(release.Id)) return;
        _promoted.Enqueue(release.Id);
        if (_promoted.Count > RetentionPolicy.ProtectedPromotions - 1) _promoted.Dequeue();
    }

    private async Task Pin(LocalRack rack)
    {
        var release = await Any(rack);
        await rack.Store.ChangeApp(A.App, a => a with { Pinned = [.. a.Pinned, release.Id] },
            A.Event(EventKind.ReleasePinned, release.Id), Cancel);
    }

    /// <summary>One of the last 20 that still has its artifacts.</summary>
    private async Task<Release> Any(LocalRack rack)
    {
        var some = (await rack.Store.ListReleases(A.App, 20, cancel: Cancel)).Where(r => r.PrunedAt is null).ToList();
        return some[_random.Next(some.Count)];
    }
}
