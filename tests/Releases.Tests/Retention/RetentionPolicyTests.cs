using Releases.Testing;
using Xunit;

namespace Releases.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private static readonly DateTimeOffset Now = A.Moment;

    [Fact]
    public void A_release_goes_when_it_is_older_than_the_newest_ones_and_than_the_days()
    {
        var (old, young) = (DaysAgo(91), DaysAgo(89));
        Assert.Equal([1, 2],
            Pruned(Settings(2, 90), Release(1, old), Release(2, old), Release(3, young), Release(4, old), Release(5, old)));
        Assert.Empty(Pruned(Settings(5, 90), Release(1, old), Release(2, old), Release(3, old)));
        Assert.Empty(Pruned(Settings(1, 92), Release(1, old), Release(2, old), Release(3, old)));
    }

    [Fact]
    public void An_app_without_settings_keeps_everything() => Assert.Empty(Pruned(null, Release(1, DaysAgo(900)), Release(2, DaysAgo(0))));

    [Fact]
    public void What_is_active_latest_pinned_being_promoted_or_was_promoted_last_stays()
    {
        Release[] releases = [.. Enumerable.Range(1, 8).Select(n => Release(n, DaysAgo(900)))];
        var app = App(Settings(1, 0), releases) with { Active = releases[0].Id, Pinned = [releases[2].Id] };
        var state = new RetentionState(app, [.. releases.Reverse()], new HashSet<ReleaseId> { releases[3].Id }, releases[5].Id);
        Assert.Equal([2, 5, 7], RetentionPolicy.Decide(state, Now, _ => true).Select(r => r.Number));
    }

    [Fact]
    public void A_release_whose_artifacts_all_belong_to_kept_ones_stays_as_nothing_would_be_freed()
    {
        var old = DaysAgo(900);
        Assert.Equal([2], Pruned(Settings(1, 0), Release(1, old, "same"), Release(2, old, "other"), Release(3, old, "same")));
        Assert.Equal([1, 2], Pruned(Settings(1, 0), Release(1, old, "same"), Release(2, old, "same"), Release(3, old, "other")));
    }

    [Fact]
    public void A_release_without_an_artifact_of_the_racks_own_stays()
    {
        var bare = Release(1, DaysAgo(900)) with { Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = new() } };
        Release[] releases = [bare, Release(2, DaysAgo(900), "image"), Release(3, DaysAgo(900))];
        var state = new RetentionState(App(Settings(1, 0), releases), [.. releases.Reverse()], new HashSet<ReleaseId>(), null);
        Assert.Empty(RetentionPolicy.Decide(state, Now, a => a.Digest != A.Artifact("image").Digest));
    }

    [Fact]
    public void A_pruned_release_is_not_pruned_again_and_keeps_nothing_alive()
    {
        var gone = Release(1, DaysAgo(900), "same") with { PrunedAt = DaysAgo(100) };
        Assert.Equal([2], Pruned(Settings(1, 0), gone, Release(2, DaysAgo(900), "same"), Release(3, DaysAgo(900))));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    public void Any_number_of_days_can_be_kept(int days) =>
        Assert.Empty(Pruned(Settings(1, days), Release(1, DaysAgo(9000)), Release(2, Now)));

    /// <summary>Histories of releases that share artifacts, are promoted, pinned and pruned in any order.</summary>
    [Fact]
    public void However_an_app_was_used_what_a_rollback_needs_is_there_and_the_rest_is_bounded()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var settings = Settings(random.Next(1, 12), random.Next(0, 40));
            var releases = new List<Release>();
            var promoted = new List<ReleaseId>();
            var app = App(settings);
            var now = A.Moment;
            for (var day = 0; day < 60; day++)
            {
                now += TimeSpan.FromHours(random.Next(1, 48));
                var copied = releases.Count > 0 && random.Next(3) == 0 ? releases[random.Next(releases.Count)] : null;
                var release = Release(releases.Count + 1, now, $"{random.Next(releases.Count + 2)}");
                if (copied is { PrunedAt: null }) release = release with { Services = copied.Services, CopyOf = copied.Content };
                releases.Add(release);
                app = app with { Latest = release.Id, LastNumber = release.Number };
                if (random.Next(2) == 0 && releases[random.Next(releases.Count)] is { PrunedAt: null } promote)
                {
                    promoted.Add(promote.Id);
                    app = app with { Active = promote.Id };
                }

                if (random.Next(10) == 0 && releases[random.Next(releases.Count)] is { PrunedAt: null } pin)
                    app = app with { Pinned = [.. app.Pinned, pin.Id] };
                var last = promoted.AsEnumerable().Reverse().Distinct().Take(RetentionPolicy.ProtectedPromotions).ToHashSet();
                var state = new RetentionState(app, [.. releases.AsEnumerable().Reverse()], last, null);
                var going = RetentionPolicy.Decide(state, now, _ => true).Select(r => r.Id).ToHashSet();
                for (var i = 0; i < releases.Count; i++)
                    if (going.Contains(releases[i].Id)) releases[i] = releases[i] with { PrunedAt = now };
                Holds(app, releases, last, settings, now);
            }
        }
    }

    private static void Holds(App app, List<Release> releases, HashSet<ReleaseId> last, RetentionSettings settings, DateTimeOffset now)
    {
        var stored = releases.Where(r => r.PrunedAt is null).SelectMany(RetentionPolicy.Artifacts).Select(a => a.Digest).ToHashSet();
        var needed = releases.Where(r => r.Number > releases.Count - settings.Keep || now - r.CreatedAt <= TimeSpan.FromDays(settings.Days)
            || r.Id == app.Active || r.Id == app.Latest || last.Contains(r.Id) || app.Pinned.Contains(r.Id)).ToList();
        // An artifact that came back with a later build may belong to a pruned release too.
        Assert.All(needed, r => Assert.Null(r.PrunedAt));
        Assert.Subset(needed.SelectMany(RetentionPolicy.Artifacts).Select(a => a.Digest).ToHashSet(), stored);
    }

    private static IEnumerable<long> Pruned(RetentionSettings? settings, params Release[] releases)
    {
        var state = new RetentionState(App(settings, releases), [.. releases.Reverse()], new HashSet<ReleaseId>(), null);
        return RetentionPolicy.Decide(state, Now, _ => true).Select(r => r.Number);
    }

    private static App App(RetentionSettings? settings, params Release[] releases) => Releases.App.New(A.App, A.Event()) with
    {
        Retention = settings,
        Latest = releases.LastOrDefault()?.Id,
        LastNumber = releases.Length,
    };

    private static RetentionSettings Settings(int keep, int days) => new(keep, days);

    private static Release Release(long number, DateTimeOffset at, string? content = null) => A.Release(number) with
    {
        CreatedAt = at,
        Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = new() { Artifact = A.Artifact(content ?? $"{number}") } },
    };

    private static DateTimeOffset DaysAgo(double days) => Now - TimeSpan.FromDays(days);
}
