using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Retention;

public sealed class PruneReleasesTests : IAsyncDisposable
{
    private readonly FakeRack _rack = new();
    private readonly FakeTimeProvider _time = new(A.Moment + TimeSpan.FromDays(100));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    private PruneReleases Prune => new(_rack.Store, _rack.Stored, _time);

    [Fact]
    public async Task Old_releases_lose_their_artifacts_and_keep_their_records()
    {
        await Given(keep: 2, 5);
        _rack.Stored.MaxPerWrite = 2;
        var preview = await Prune.Preview(A.App, Cancel);
        Assert.Equal([1, 2, 3], preview.Releases.Select(r => r.Number));
        Assert.Empty(_rack.Stored.Removed);

        var report = await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal([1, 2, 3], report.Releases.Select(r => r.Number));
        Assert.Equal((preview.Bytes, false), (report.Bytes, report.Waits));
        Assert.Equal([1, 2, 3], (await _rack.Store.ListReleases(A.App, 10, cancel: Cancel)).Where(r => r.PrunedAt == _time.GetUtcNow())
            .Select(r => r.Number).Order());
        Assert.Equal(3, _rack.Stored.Removed.Count);
        Assert.Empty((await _rack.Store.RequireApp(A.App, Cancel)).Pruning);
        Assert.Equal(
            [(EventKind.Pruned, A.Person, "v3"), (EventKind.Pruned, A.Person, "2 releases, v1 to v2")],
            (await _rack.Store.ListEvents(A.App, 2, Cancel)).Select(e => (e.Kind, e.By, e.Detail)));
        Assert.Empty((await Prune.Run(A.App, A.Person, Cancel)).Releases);
    }

    [Fact]
    public async Task Nothing_is_pruned_while_a_promotion_runs()
    {
        var releases = await Given(keep: 1, 3);
        var promotion = A.Promotion(releases[0]);
        await _rack.Store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted), Cancel);
        Assert.Equal([2], (await Prune.Preview(A.App, Cancel)).Releases.Select(r => r.Number));
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => Prune.Run(A.App, A.Person, Cancel))).Is(ProblemCode.Busy));
        Assert.Empty(_rack.Stored.Removed);
    }

    [Fact]
    public async Task What_changes_between_the_decision_and_the_write_is_decided_again()
    {
        var releases = await Given(keep: 1, 3);
        var once = true;
        _rack.Interfered = InterferedStore.Of(_rack.Records, (method, _, go) =>
        {
            if (method.Name != nameof(IReleaseStore.TryPrune) || !once) return go();
            once = false;
            _rack.Records.ChangeApp(A.App, a => a with { Pinned = [releases[0].Id] }, A.Event(), Cancel).GetAwaiter().GetResult();
            return go();
        });
        Assert.Equal([2], (await Prune.Run(A.App, A.Person, Cancel)).Releases.Select(r => r.Number));
    }

    [Fact]
    public async Task A_running_build_delays_the_removal_until_the_next_time()
    {
        await Given(keep: 1, 3);
        _rack.Stored.IsBuilding = true;
        Assert.True((await Prune.Run(A.App, A.Person, Cancel)).Waits);
        Assert.Equal(2, (await _rack.Store.RequireApp(A.App, Cancel)).Pruning.Count);
        Assert.True((await Prune.Run(A.App, A.Person, Cancel)).Waits);
        Assert.Empty(_rack.Stored.Removed);

        _rack.Stored.IsBuilding = false;
        var report = await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal((false, 0, 2), (report.Waits, report.Releases.Count, _rack.Stored.Removed.Count));
    }

    [Fact]
    public async Task A_process_that_is_always_there_prunes_every_app_but_one_that_is_being_promoted()
    {
        var other = AppName.Parse("other");
        await Given(keep: 1, 3);
        await _rack.Store.Release(other, cancel: Cancel);
        await _rack.Store.BeginPromotion(A.Promotion((await _rack.Store.ListReleases(other, 1, cancel: Cancel))[0]), "a test",
            A.Event(EventKind.PromotionStarted), Cancel);
        var lines = new List<string>();
        var duty = new PruneDuty(_rack.Store, Prune, "agent on box", lines.Add, _time).Duty;
        Assert.Equal(TimeSpan.FromDays(1), await duty.Run(Cancel));
        Assert.Equal(["hello: pruned 2 releases up to v2"], lines);
        _time.Advance(TimeSpan.FromDays(1));
        await duty.Run(Cancel);
        Assert.Single(lines);
    }

    [Fact]
    public async Task It_prunes_the_app_whose_promotion_has_ended_and_searches_the_others_once_a_day()
    {
        await Given(keep: 3, 3);
        var read = new List<string>();
        _rack.Interfered = InterferedStore.Of(_rack.Records, (method, _, go) =>
        {
            read.Add(method.Name);
            return go();
        });
        var lines = new List<string>();
        var duty = new PruneDuty(_rack.Store, Prune, "agent on box", lines.Add, _time).Duty;
        await duty.Run(Cancel);
        Assert.Equal([nameof(IReleaseStore.ListApps)], read);

        await _rack.Records.ChangeApp(A.App, a => a with { Retention = new(1, 1) }, A.Event(), Cancel);
        _time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(TimeSpan.FromHours(18), await duty.Run(Cancel));
        Assert.Empty(lines);
        duty.PromotionEnded!(A.App);
        Assert.Equal(TimeSpan.FromHours(18), await duty.Run(Cancel));
        Assert.Equal(["hello: pruned 2 releases up to v2"], lines);
        Assert.Single(read, nameof(IReleaseStore.ListApps));
    }

    [Fact]
    public async Task An_app_that_cannot_be_pruned_keeps_no_other_one_from_it_and_stays_due()
    {
        await Given(keep: 1, 3);
        var (other, isRefused) = (AppName.Parse("other"), true);
        await _rack.Store.Release(other, cancel: Cancel);
        await _rack.Records.ChangeApp(other, a => a with { Retention = new(1, 1) }, A.Event(), Cancel);
        var tries = 0;
        _rack.Interfered = InterferedStore.Of(_rack.Records, (method, arguments, go) =>
        {
            if (method.Name != nameof(IReleaseStore.FindLock) || arguments[0] is not AppName app || app != other) return go();
            tries++;
            return isRefused ? throw new Problem(ProblemCode.NewerFormat, "A newer version wrote this.").ToException() : go();
        });
        var lines = new List<string>();
        var duty = new PruneDuty(_rack.Store, Prune, "agent on box", lines.Add, _time).Duty;
        duty.PromotionEnded!(other);
        duty.PromotionEnded!(A.App);
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => duty.Run(Cancel))).Is(ProblemCode.NewerFormat));
        Assert.Equal(["hello: pruned 2 releases up to v2"], lines);
        Assert.Equal(1, tries);
        isRefused = false;
        await duty.Run(Cancel);
        Assert.True(tries > 1);
    }

    /// <summary>Before and after every write and every removal; whoever comes next finishes it.</summary>
    [Fact]
    public async Task A_process_that_dies_at_any_moment_loses_nothing_that_is_kept_and_leaves_nothing_that_is_not()
    {
        for (var moment = 1; ; moment++)
        {
            await using var test = new PruneReleasesTests();
            var releases = await test.Given(keep: 2, 5);
            test._rack.Stored.MaxPerWrite = 2;
            var died = await test.DiesAt(moment);
            Assert.Empty(test._rack.Stored.Removed.Except(await test.PrunedDigests()));
            await test.Prune.Run(A.App, A.Person, Cancel);
            Assert.Equal(await test.PrunedDigests(), test._rack.Stored.Removed.Order());
            Assert.Equal(3, test._rack.Stored.Removed.Count);
            Assert.Empty((await test._rack.Records.RequireApp(A.App, Cancel)).Pruning);
            Assert.Equal([4, 5],
                releases.Where(r => !test._rack.Stored.Removed.Contains(r.Services[A.Web].Artifact!.Digest)).Select(r => r.Number));
            if (died) continue;
            Assert.True(moment > 10);
            return;
        }
    }

    [Fact]
    public async Task A_pruned_release_can_not_be_promoted_rolled_back_to_or_taken_as_a_base()
    {
        var releases = await Given(keep: 1, 3);
        await _rack.Store.Promoted(releases[2], cancel: Cancel);
        await Prune.Run(A.App, A.Person, Cancel);
        var app = await _rack.Store.RequireApp(A.App, Cancel);
        var context = new OperationContext(_rack, _time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());
        await Refused(() => new StartPromotion(context).Run(new(app, releases[0].Id, new()), Cancel));
        await Refused(() => new RollBack(context).Run(new(app, releases[0].Id, new()), Cancel));
        await Refused(() => new PinRelease(context).Pin(app, releases[0].Id, Cancel));
        await Refused(() => ReleaseBase.Read(_rack.Store, A.App, "v1", Cancel));
        var pruned = await _rack.Store.RequireRelease(A.App, releases[0].Id, Cancel);
        var plan = await new ReleasePlanReader(_rack.Store, _rack.Vault, "local").Read(app, pruned, Cancel);
        Assert.Equal(ProblemCode.Pruned, Assert.Single(plan.Problems).Code);
        Assert.Equal(3, (await _rack.Store.ListReleases(A.App, 10, cancel: Cancel)).Count);
    }

    [Fact]
    public async Task A_pin_keeps_a_release_until_it_is_taken_off()
    {
        await Given(keep: 1, 3);
        var context = new OperationContext(_rack, _time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());
        var pin = new PinRelease(context);
        Assert.True((await pin.Pin(await App(), ReleaseReference.Parse("v1"), Cancel)).Changed);
        Assert.False((await pin.Pin(await App(), ReleaseReference.Parse("v1"), Cancel)).Changed);
        Assert.Equal([2], (await Prune.Run(A.App, A.Person, Cancel)).Releases.Select(r => r.Number));
        Assert.True((await pin.Unpin(await App(), ReleaseReference.Parse("v1"), Cancel)).Changed);
        Assert.False((await pin.Unpin(await App(), ReleaseReference.Parse("v1"), Cancel)).Changed);
        Assert.Equal([1], (await Prune.Run(A.App, A.Person, Cancel)).Releases.Select(r => r.Number));
    }

    [Fact]
    public async Task A_release_that_is_copied_while_it_is_pruned_is_not_copied_without_its_artifacts()
    {
        var releases = await Given(keep: 1, 3);
        await _rack.Store.Promoted(releases[2], cancel: Cancel);
        var once = true;
        _rack.Interfered = InterferedStore.Of(_rack.Records, (method, _, go) =>
        {
            if (method.Name != nameof(IReleaseStore.TryAddRelease) || !once) return go();
            once = false;
            new PruneReleases(_rack.Records, _rack.Stored, _time).Run(A.App, A.Person, Cancel).GetAwaiter().GetResult();
            return go();
        });
        await Refused(() => new RollbackRelease(_rack, TimeProvider.System).Create(
            A.App, releases[0].Id, A.Person, a => _rack.Store.TryAddRelease(a), Cancel));
        Assert.Equal(3, (await App()).LastNumber);
    }

    private static async Task Refused(Func<Task> action) =>
        Assert.True((await Assert.ThrowsAsync<ProblemException>(action)).Is(ProblemCode.Pruned));

    private Task<App> App() => _rack.Records.RequireApp(A.App, Cancel);

    private async Task<IEnumerable<string>> PrunedDigests() => (await _rack.Records.ListReleases(A.App, 10, cancel: Cancel))
        .Where(r => r.PrunedAt is not null).Select(r => r.Services[A.Web].Artifact!.Digest).Order();

    private async Task<bool> DiesAt(int moment)
    {
        var moments = 0;
        void Pass()
        {
            if (++moments == moment) throw new DiedException();
        }

        _rack.Interfered = InterferedStore.Of(_rack.Records, (method, _, go) =>
        {
            if (method.Name is not (nameof(IReleaseStore.TryPrune) or nameof(IReleaseStore.EndPrune))) return go();
            Pass();
            var done = go();
            Pass();
            return done;
        });
        try
        {
            await new PruneReleases(_rack.Store, new Dying(_rack.Stored, Pass), _time).Run(A.App, A.Person, Cancel);
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
        finally
        {
            _rack.Interfered = null;
        }
    }

    private async Task<IReadOnlyList<Release>> Given(int keep, int releases)
    {
        await _rack.Records.App(cancel: Cancel);
        await _rack.Records.ChangeApp(A.App, a => a with { Retention = new(keep, 90) }, A.Event(), Cancel);
        var made = new List<Release>();
        for (var n = 1; n <= releases; n++)
        {
            var artifact = _rack.Stored.Add(A.Artifact($"{n}"));
            made.Add(await _rack.Records.Release(with: r => r with
            { Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = new() { Artifact = artifact } } }, cancel: Cancel));
        }

        return made;
    }

    private sealed class DiedException : Exception;

    private sealed class Dying(InMemoryArtifactStore removal, Action pass) : IArtifactRemoval
    {
        public int MaxPerWrite => removal.MaxPerWrite;

        public bool Owns(Artifact artifact) => removal.Owns(artifact);

        public Task<long> Measure(AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default) =>
            removal.Measure(app, going, cancel);

        public async Task<bool> Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default)
        {
            pass();
            var done = await removal.Remove(app, pruned, cancel);
            pass();
            return done;
        }
    }
}
