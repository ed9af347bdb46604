using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>An app on a rack in memory, and somebody who asks for operations without a terminal.</summary>
public abstract class OperationScenario : IProgress<OperationNote>
{
    private protected OperationScenario()
    {
        World = new(A.Moment + TimeSpan.FromMinutes(15));
        Driver = new(Rack);
        Rack.DrivenBy = Driver;
        Context = new(Rack, new SteppingTime(World), _ => Task.FromResult(A.Person), this);
    }

    private protected FakeTimeProvider World { get; }

    private protected FakeRack Rack { get; } = new();

    private protected ScriptedDriver Driver { get; }

    private protected OperationContext Context { get; }

    /// <summary>What was reported, in order.</summary>
    private protected List<OperationNote> Notes { get; } = [];

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Report(OperationNote value) => Notes.Add(value);

    private protected Task<App> App() => Rack.Store.RequireApp(A.App, Cancel);

    /// <summary>The next release, promoted by success.</summary>
    private protected async Task<Release> Active()
    {
        var release = await Rack.Store.Release(cancel: Cancel);
        await Rack.Store.Promoted(release, cancel: Cancel);
        return release;
    }

    /// <summary>A promotion of the next release whose driver was last seen so long ago.</summary>
    private protected async Task<PromotionLock> Running(TimeSpan seenAgo)
    {
        var release = await Rack.Store.Release(cancel: Cancel);
        var app = await App();
        await Driver.Begin(new(PromotionId.New(), app.Name, release.Id, A.Person), Cancel);
        Driver.Begun.Clear();
        var held = (await Rack.Store.FindLock(A.App, Cancel))!;
        return Driver.Held = await Rack.Store.RenewLock(held, World.GetUtcNow() - seenAgo, Cancel);
    }

    private protected async Task Lock() => await new LockApp(Context).Lock(await App(), "database migration", Cancel);

    private protected async Task<IReadOnlyList<EventKind>> Events() =>
        [.. (await Rack.Store.ListEvents(A.App, 100, Cancel)).Select(e => e.Kind)];

    private protected async Task<int> Releases() => (await Rack.Store.ListReleases(A.App, 100, cancel: Cancel)).Count;

    private protected static async Task<Problem> Refused(Func<Task> operation) =>
        (await Assert.ThrowsAsync<ProblemException>(operation)).Problems[0];
}
