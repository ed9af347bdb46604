using Xunit;

namespace Releases.Testing;

/// <summary>What every release store does with hooks, and with its event log for them.</summary>
public abstract partial class ReleaseStoreContract
{
    private IHookStore Hooks => (IHookStore)Store;

    [Fact]
    public async Task Events_are_read_forward_from_a_position_and_none_twice()
    {
        Assert.Null(await Hooks.LastPosition(A.App, Cancel));
        Assert.Empty(await Hooks.EventsAfter(A.App, null, 10, Cancel));
        await Store.App(cancel: Cancel);
        for (var i = 1; i <= 7; i++) await Store.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled, by: $"{i}"), Cancel);
        await Store.ChangeApp((await Store.App(AppName.Parse("other"), Cancel)).Name, a => a,
            A.Event(EventKind.Scaled, by: "other"), Cancel);

        var read = new List<LoggedEvent>();
        while (await Hooks.EventsAfter(A.App, read.LastOrDefault()?.Position, 3, Cancel) is { Count: > 0 } page) read.AddRange(page);

        Assert.Equal([A.Person, "1", "2", "3", "4", "5", "6", "7"], read.Select(e => e.Event.By));
        Assert.Equal(read.Select(e => e.Position).Order(StringComparer.Ordinal), read.Select(e => e.Position));
        Assert.Equal(read[^1].Position, await Hooks.LastPosition(A.App, Cancel));
        Assert.Empty(await Hooks.EventsAfter(A.App, read[^1].Position, 3, Cancel));
    }

    [Fact]
    public async Task Whoever_reads_the_log_while_others_write_misses_no_event()
    {
        const int writers = 4;
        const int each = 6;
        await Store.App(cancel: Cancel);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++) await Store.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled, by: $"{w}/{i}"), Cancel);
        }, Cancel)));
        var read = new List<LoggedEvent>();
        for (var last = false; ;)
        {
            var page = await Hooks.EventsAfter(A.App, read.LastOrDefault()?.Position, 5, Cancel);
            read.AddRange(page);
            if (page.Count > 0) continue;
            if (last) break;
            last = writing.IsCompleted;
            await Task.Yield();
        }

        await writing;
        var all = Enumerable.Range(0, writers).SelectMany(w => Enumerable.Range(0, each).Select(i => $"{w}/{i}"));
        Assert.Equal(all.Order(), read.Skip(1).Select(e => e.Event.By).Order());
    }

    [Fact]
    public async Task Hooks_are_listed_until_they_are_removed_and_outlive_their_app()
    {
        var (first, second) = (A.Hook(), A.Hook());
        await Fails(ProblemCode.NoSuchApp, () => Hooks.AddHook(first, A.Event(EventKind.HookAdded), Cancel));
        await Store.App(cancel: Cancel);
        await Hooks.AddHook(first, A.Event(EventKind.HookAdded), Cancel);
        await Hooks.AddHook(second with { CreatedAt = A.Moment.AddSeconds(1) }, A.Event(EventKind.HookAdded), Cancel);
        Assert.Equal([first.Id, second.Id], (await Hooks.ListHooks(cancel: Cancel)).Select(h => h.Id));
        Assert.Equal(first.Sealed, (await Hooks.ListHooks(cancel: Cancel))[0].Sealed);
        Assert.Equal(EventKind.HookAdded, (await Store.ListEvents(A.App, 1, Cancel))[0].Kind);

        Assert.True(await Hooks.RemoveHook(A.App, first.Id, A.Event(EventKind.HookRemoved), Cancel));
        Assert.False(await Hooks.RemoveHook(A.App, first.Id, A.Event(EventKind.HookRemoved), Cancel));
        Assert.Equal(EventKind.HookRemoved, (await Store.ListEvents(A.App, 1, Cancel))[0].Kind);
        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        Assert.Equal([second.Id], (await Hooks.ListHooks(cancel: Cancel)).Select(h => h.Id));
        Assert.True(await Hooks.RemoveHook(A.App, second.Id, null, Cancel));
        Assert.Equal(EventKind.AppDeleted, (await Store.ListEvents(A.App, 1, Cancel))[0].Kind);
    }

    [Fact]
    public async Task Progress_is_written_by_whoever_saw_the_last_one_and_goes_with_its_hook()
    {
        await Store.App(cancel: Cancel);
        var hook = A.Hook();
        await Hooks.AddHook(hook, A.Event(EventKind.HookAdded), Cancel);
        Assert.Null(await Hooks.FindProgress(A.App, hook.Id, Cancel));
        var first = HookProgress.Of(hook) with { Revision = 1, Position = "0" };

        Assert.True(await Hooks.TrySaveProgress(first, Cancel));
        Assert.False(await Hooks.TrySaveProgress(first, Cancel));
        Assert.True(await Hooks.TrySaveProgress(first with { Revision = 2, Attempts = 3 }, Cancel));
        Assert.False(await Hooks.TrySaveProgress(first with { Revision = 2, Attempts = 4 }, Cancel));
        Assert.Equal((2L, 3), await Hooks.FindProgress(A.App, hook.Id, Cancel) is { } kept ? (kept.Revision, kept.Attempts) : default);

        await Hooks.RemoveHook(A.App, hook.Id, null, Cancel);
        Assert.Null(await Hooks.FindProgress(A.App, hook.Id, Cancel));
        Assert.False(await Hooks.TrySaveProgress(first with { Revision = 3 }, Cancel));
    }
}
