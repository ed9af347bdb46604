using System.Collections.Concurrent;
using System.Reflection;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class CostTests : Browsing
{
    private readonly Counted _counted;

    public CostTests() => _counted = new(Rack);

    private protected override Rack Opened => _counted;

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task A_page_of_releases_costs_the_same_reads_however_many_there_are(int releases)
    {
        for (var i = 0; i < releases; i++) await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v1"), Ending), cancel: Ending);
        _counted.Calls.Clear();
        await Get("/apps/hello/releases");
        Assert.Equal(
            releases > ReleasesPage.PageSize
                ? ["FindApp", "FindLock", "FindRelease", "ListPromotions", "ListReleases"]
                : ["FindApp", "FindLock", "ListPromotions", "ListReleases"],
            _counted.Calls.Order());
    }

    [Theory]
    [InlineData(600, "q=nowhere", 5)]
    [InlineData(1500, "q=nowhere", 5)]
    [InlineData(1500, "kind=rollback", 5)]
    [InlineData(1500, "at=active", 1)]
    [InlineData(1500, "q=v1", 0)]
    public async Task A_search_reads_at_most_500_releases_and_a_jump_one_range(int releases, string query, int reads)
    {
        for (var i = 0; i < releases; i++) await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v200"), Ending), cancel: Ending);
        _counted.Calls.Clear();
        await Get($"/apps/hello/releases?{query}");
        Assert.Equal(reads, _counted.Calls.Count(c => c == "ListReleases"));
        Assert.InRange(_counted.Calls.Count, 1, reads + 6);
    }

    [Fact]
    public async Task A_list_of_an_outcome_reads_at_most_500_promotions_and_continues_where_it_stopped()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, PromotionStatus.Failed, cancel: Ending);
        for (var i = 0; i < 550; i++) await Rack.Store.Promoted(release, cancel: Ending);
        _counted.Calls.Clear();
        var first = await Get("/apps/hello/promotions?outcome=failed");
        Assert.Equal(5, _counted.Calls.Count(c => c == "ListPromotions"));
        Assert.Contains("No such promotions among the 500 that were looked at.", first.Text, StringComparison.Ordinal);
        var older = System.Text.RegularExpressions.Regex.Match(first.Html, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value;
        Assert.Contains(">failed<", (await Get(System.Net.WebUtility.HtmlDecode(older))).Html, StringComparison.Ordinal);
        _counted.Calls.Clear();
        await Get("/apps/hello/promotions?outcome=succeeded");
        Assert.Equal(1, _counted.Calls.Count(c => c == "ListPromotions"));
    }

    /// <summary>The same rack, whose records count who asks them what.</summary>
    private sealed class Counted : Rack
    {
        private readonly FakeRack _rack;
        private readonly CountingStore _store;

        public Counted(FakeRack rack)
        {
            _rack = rack;
            Store = DispatchProxy.Create<IReleaseStore, CountingStore>();
            _store = (CountingStore)Store;
            _store.Inner = rack.Store;
        }

        public ConcurrentBag<string> Calls => _store.Calls;

        public override string Address => _rack.Address;

        public override string Name => _rack.Name;

        public override IReleaseStore Store { get; }

        public override IHookStore Hooks => _rack.Hooks;

        public override IArtifactStore Artifacts => _rack.Artifacts;

        public override IArtifactRemoval Removal => _rack.Removal;

        public override IVault Vault => _rack.Vault;

        public override IRunning Running => _rack.Running;

        public override IOneOffs OneOffs => _rack.OneOffs;

        public override IProcessExec Exec => _rack.Exec;

        public override IPromotionDriver Driver => _rack.Driver;

        public override Task<RackStatus> Status(CancellationToken cancel = default) => _rack.Status(cancel);

        public override Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default) =>
            _rack.ApplyScale(app, service, cancel);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

#pragma warning disable CA1852 // The proxy derives from it.
    internal class CountingStore : DispatchProxy
#pragma warning restore CA1852
    {
        public IReleaseStore Inner { get; set; } = null!;

        public ConcurrentBag<string> Calls { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls.Add(targetMethod!.Name);
            return targetMethod.Invoke(Inner, args);
        }
    }
}
