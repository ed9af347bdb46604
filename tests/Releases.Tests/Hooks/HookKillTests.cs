using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>A deliverer is killed at every one of its writes, before it and after it, again and again.</summary>
public sealed class HookKillTests : IAsyncLifetime
{
    private const int Events = 6;

    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_killed_at_any_write_leaves_no_event_out_and_none_in_the_wrong_order(bool written)
    {
        var added = await _here.Add();
        for (var i = 0; i < Events; i++) await _here.Happens($"{i}");
        var (n, kills) = (0, 0);
        while (true)
        {
            try
            {
                await _here.Deliverer(new Killed(_here.Store, ++n, written)).Run(added.Hook, Cancel);
                if ((await _here.Status(added)).Progress.Position == await _here.Store.LastPosition(A.App, Cancel)) break;
            }
            catch (InvalidOperationException)
            {
                kills++;
            }

            _here.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(kills, 2, Events * 3);
        Assert.Equal(Enumerable.Range(0, Events).Select(i => $"{i}"), _here.TakenOnce);
    }

    [Fact]
    public async Task Many_deliverers_at_once_deliver_everything_in_order()
    {
        var added = await _here.Add();
        for (var i = 0; i < Events * 5; i++) await _here.Happens($"{i}");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _here.Deliverer().Run(added.Hook, Cancel), Cancel)));
        Assert.Equal(Enumerable.Range(0, Events * 5).Select(i => $"{i}"), _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
    }

    private sealed class Killed(IHookStore hooks, int at, bool written) : IHookStore
    {
        private int _writes;

        public Task<IReadOnlyList<Hook>> ListHooks(
            Action<ProblemException>? unreadable = null, CancellationToken cancel = default) => hooks.ListHooks(unreadable, cancel);

        public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => hooks.AddHook(hook, what, cancel);

        public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) =>
            hooks.RemoveHook(app, hook, what, cancel);

        public Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
            hooks.FindProgress(app, hook, cancel);

        public async Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default)
        {
            var dies = ++_writes == at;
            var saved = (!dies || written) && await hooks.TrySaveProgress(progress, cancel);
            return dies ? throw new InvalidOperationException("It was killed.") : saved;
        }

        public Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default) =>
            hooks.EventsAfter(app, position, limit, cancel);

        public Task<string?> LastPosition(AppName app, CancellationToken cancel = default) => hooks.LastPosition(app, cancel);
    }
}
