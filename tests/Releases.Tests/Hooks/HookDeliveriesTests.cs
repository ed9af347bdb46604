using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>What a process that delivers all hooks says when some of it fails: once when it begins, and once when it is over.</summary>
public sealed class HookDeliveriesTests : IAsyncLifetime
{
    private readonly SharedList<string> _told = [];
    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Fact]
    public async Task A_hook_whose_record_is_damaged_keeps_no_other_one_from_its_deliveries()
    {
        var damaged = await _here.Add("apps");
        await _here.Add("releases");
        _here.Store.Damage(damaged.Hook.Id);
        await _here.Happens("one");
        await using var deliveries = new HookDeliveries(_here.Store, _here.Deliverer(), _told.Add, _here.Time);
        for (var times = 0; times < 3; times++) await deliveries.Begin(Cancel);
        await _here.Receiver.Until(r => r.Count == 1);
        Assert.Equal(
            "Reading a hook failed: the record of a hook is damaged, so nothing is delivered to it. The other hooks work. Retrying.",
            Assert.Single(_told));
        await Assert.ThrowsAnyAsync<Exception>(() => _here.Store.ListHooks(cancel: Cancel));
    }

    [Fact]
    public async Task Hooks_that_fail_differently_are_each_reported_once_and_once_more_when_they_work_again()
    {
        var (first, second) = (await _here.Add("releases"), await _here.Add("releases"));
        await _here.Happens("one");
        var isDown = true;
        var store = new FailingHooks(_here.Store)
        {
            Progress = hook => !isDown ? null : new(
                ProblemCode.DamagedStore, $"the progress of {hook} is damaged{(hook == first.Hook.Id ? "" : ", too")}.", ""),
        };
        await using var deliveries = new HookDeliveries(store, _here.Deliverer(store), _told.Add, _here.Time);
        for (var times = 0; times < 3; times++)
        {
            await deliveries.Begin(Cancel);
            await Patience.Until(() => _told.Count == 2);
        }

        Assert.Equal(
            new[] { $"Delivering hook {first.Hook.Id} of hello failed: the progress of {first.Hook.Id} is damaged. Retrying.",
                $"Delivering hook {second.Hook.Id} of hello failed: the progress of {second.Hook.Id} is damaged, too. Retrying." }.Order(),
            _told.Order());

        isDown = false;
        _here.Time.Advance(TimeSpan.FromMinutes(3));
        await Patience.Until(async () =>
        {
            await deliveries.Begin(Cancel);
            return _told.Count == 4;
        });
        Assert.Contains($"Delivering hook {first.Hook.Id} of hello works again after 3m.", _told);
    }

    [Fact]
    public async Task A_command_says_that_it_could_not_deliver_and_ends_as_it_would_have()
    {
        await _here.Add();
        var store = new FailingHooks(_here.Store) { List = new(ProblemCode.Unavailable, "not now.", "") };
        await using var deliveries = new HookDeliveries(store, _here.Deliverer(), _told.Add, _here.Time);
        await deliveries.DeliverDue(null, TimeSpan.FromSeconds(5), _ => Task.FromResult(false), Cancel);
        Assert.Equal("hooks can't be delivered now: not now.", Assert.Single(_told));
    }

    /// <summary>As a pipeline of another app, whose policy doesn't open this one's hooks.</summary>
    [Fact]
    public async Task A_hook_that_one_may_not_open_is_delivered_at_once_by_whoever_may()
    {
        await _here.Add("releases");
        await _here.Happens("one");
        var denied = new DeniedVault();
        await using (var deliveries = new HookDeliveries(_here.Store, _here.Deliverer(vault: denied), _told.Add, _here.Time))
            await deliveries.DeliverDue(AppName.Parse("other"), TimeSpan.FromSeconds(5), _ => Task.FromResult(false), Cancel);
        Assert.Equal((1, 0), (denied.Asked, _here.Receiver.Received.Count));

        await using var theirs = new HookDeliveries(_here.Store, _here.Deliverer(), _told.Add, _here.Time);
        await theirs.DeliverDue(A.App, TimeSpan.FromSeconds(5), _ => Task.FromResult(false), Cancel);
        Assert.Single(_here.Receiver.Received);
        Assert.Empty(_told);
    }

    /// <summary>On AWS, whoever releases one app may neither read the events of others nor open their hooks.</summary>
    [Theory]
    [InlineData("hello", 1)]
    [InlineData("other", 0)]
    public async Task A_command_reports_failures_of_the_hooks_of_its_own_app_alone(string app, int reported)
    {
        await _here.Add();
        var store = new FailingHooks(_here.Store) { Progress = _ => new(ProblemCode.Unavailable, "no access.", "") };
        await using var deliveries = new HookDeliveries(store, _here.Deliverer(store), _told.Add, _here.Time);
        await deliveries.DeliverDue(AppName.Parse(app), TimeSpan.FromSeconds(5), _ => Task.FromResult(false), Cancel);
        Assert.Equal(reported, _told.Count);
    }

    private sealed class DeniedVault : IVault
    {
        public int Asked { get; private set; }

        public Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default) =>
            throw new NotSupportedException();

        public Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default)
        {
            Asked++;
            throw new Problem("CONVOX0036", "KMS denied it.", "").ToException();
        }
    }

    private sealed class FailingHooks(IHookStore hooks) : IHookStore
    {
        public Problem? List { get; init; }

        public Func<HookId, Problem?> Progress { get; init; } = _ => null;

        public Task<IReadOnlyList<Hook>> ListHooks(Action<ProblemException>? unreadable = null, CancellationToken cancel = default) =>
            List is { } wrong ? throw wrong.ToException() : hooks.ListHooks(unreadable, cancel);

        public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => hooks.AddHook(hook, what, cancel);

        public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) =>
            hooks.RemoveHook(app, hook, what, cancel);

        public Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
            Progress(hook) is { } wrong ? throw wrong.ToException() : hooks.FindProgress(app, hook, cancel);

        public Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default) =>
            hooks.TrySaveProgress(progress, cancel);

        public Task<IReadOnlyList<LoggedEvent>> EventsAfter(
            AppName app, string? position, int limit, CancellationToken cancel = default) =>
            hooks.EventsAfter(app, position, limit, cancel);

        public Task<string?> LastPosition(AppName app, CancellationToken cancel = default) => hooks.LastPosition(app, cancel);
    }
}
