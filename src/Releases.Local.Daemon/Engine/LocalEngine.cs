using System.Collections.Concurrent;
using System.Text.Json;

namespace Releases.Local;

/// <summary>Implements the engine on this machine with real processes, which are replaced by the scheduler's rules.</summary>
internal sealed class LocalEngine(
    InstanceFactory instances, ServiceRoutes routes, ReleaseCommands commands, MachineChecks checks, WorkingCopies copies, ServiceLogs logs,
    TimeProvider time) : IEngine, IDisposable
{
    private readonly ConcurrentDictionary<ServiceKey, ServiceRunner> _runners = new();
    private readonly ConcurrentDictionary<AppName, ChangeSignal> _signals = new();
    private readonly ConcurrentDictionary<AppName, LostRelease> _lost = new();

    /// <summary>The last warning about files of each service that weren't as published, and the promotion that found them.</summary>
    private readonly ConcurrentDictionary<ServiceKey, (PromotionId Promotion, string Text)> _changed = new();

    /// <summary>
    /// Held while a copy is prepared or used that no runner has yet, and while copies that no runner has are removed.
    /// </summary>
    private readonly KeyedLock<AppName> _copying = new();

    /// <summary>Runs a release that was verified before, such as after a restart of the daemon.</summary>
    public void Restore(Rollout rollout)
    {
        foreach (var spec in rollout.Services)
        {
            var key = new ServiceKey(rollout.App.Name, spec.Service.Name);
            routes.Open(key, spec.Service);
            Run(key, RevisionOf(rollout, spec));
        }
    }

    /// <summary>Runs a release that couldn't be restored before, except for services that run something by now.</summary>
    public void RestoreLost(Rollout rollout)
    {
        _lost.TryRemove(rollout.App.Name, out _);
        foreach (var spec in rollout.Services)
        {
            var key = new ServiceKey(rollout.App.Name, spec.Service.Name);
            routes.Open(key, spec.Service);
            Change(key, r => r.RunIfIdle(RevisionOf(rollout, spec)));
        }
    }

    /// <summary>Notes that the active release couldn't be restored, so no rollback can return to it.</summary>
    public void CannotRestore(AppName app, LostRelease lost) => _lost[app] = lost;

    /// <summary>
    /// Adjusts the number of processes of each service to the app's record. A service that is being rolled out keeps its count until the
    /// rollout ends.
    /// </summary>
    public void Scale(App app)
    {
        foreach (var runner in Of(app.Name)) runner.Scale(app);
    }

    /// <summary>Ends all processes of an app.</summary>
    public async Task Stop(AppName app)
    {
        var ending = Of(app).ToList();
        foreach (var runner in ending) runner.Run(null);
        await Task.WhenAll(ending.Select(r => r.Ended()));
        foreach (var runner in ending) RemoveIdle(runner);
    }

    /// <summary>Removes what is left of a deleted app whose processes have ended, and its working copies.</summary>
    public void Forget(AppName app)
    {
        _signals.TryRemove(app, out _);
        _lost.TryRemove(app, out _);
        foreach (var key in _changed.Keys.Where(k => k.App == app)) _changed.TryRemove(key, out _);
        logs.Close(app);
        copies.RemoveAll(app);
        // Last, because it writes a file, which can fail.
        routes.Forget(app);
    }

    /// <summary>Ends all processes.</summary>
    public Task StopAll() => Task.WhenAll(_runners.Keys.Select(k => k.App).Distinct().Select(Stop));

    public IReadOnlyList<ServiceSnapshot> Snapshots(AppName app) =>
        [.. Of(app).OrderBy(r => r.Key.Service).Select(r => r.Snapshot(routes.ProblemOf(r.Key)?.Message))];

    /// <summary>Returns the services of all apps.</summary>
    public IReadOnlyList<ServiceSnapshot> Snapshots() => [.. _runners.Values.Select(r => r.Snapshot(null))];

    public void Pulse(AppName app) => Signal(app).Pulse();

    public Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Problem>>(
    [
        .. EmptyRollout.Check(rollout, [.. rollout.Services.Select(s => (int?)s.Count)]),
        .. LimitChecks.Of(rollout),
        .. rollout.Services.SelectMany(checks.Of),
        .. rollout.Services.Select(s => ProblemOf(new(rollout.App.Name, s.Service.Name), s.Service)).OfType<Problem>(),
    ]);

    public async Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel)
    {
        using var copying = await _copying.Enter(service.Rollout.App.Name, cancel);
        await Prepare(service, cancel);
        return await commands.Release(RevisionOf(service.Rollout, service.Spec), cancel);
    }

    public Task<RolloutPlan> Plan(Rollout rollout, CancellationToken cancel) => Task.FromResult(RolloutStrategy.Plan(rollout.Services));

    public Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel) =>
        commands.Verify(RevisionOf(service.Rollout, service.Spec), Runner(KeyOf(service)).Candidate?.Url, cancel);

    public async Task Start(ServiceRollout service, CancellationToken cancel)
    {
        var key = KeyOf(service);
        if (service.Journal.Notes is null)
        {
            var before = Runner(key).Target;
            await service.Journal.Write(
                JsonSerializer.SerializeToElement(new(before?.Release, before?.Promotion), DaemonJson.Default.LocalNotes), cancel);
        }

        using var copying = await _copying.Enter(key.App, cancel);
        await Prepare(service, cancel);
        Change(key, r => r.RollOut(RevisionOf(service.Rollout, service.Spec)));
    }

    public async Task<bool> Confirm(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        (await Task.WhenAll(rollout.Select(s => Runner(KeyOf(s)).Confirm(cancel)))).All(isHealthy => isHealthy);

    public async Task<bool> Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel)
    {
        var runners = rollout.Select(s => Runner(KeyOf(s))).ToList();
        // One may have failed while the others were being checked.
        if (!await Confirm(rollout, cancel) || !runners.All(r => r.CanMove)) return false;
        foreach (var runner in runners) runner.Route(step);
        return true;
    }

    public IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout) => rollout
        .Where(s => s.Spec.Service.Port is not null)
        .ToDictionary(s => s.Name, s => routes.Sample(RevisionOf(s.Rollout, s.Spec), Runner(KeyOf(s)).Before));

    public Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, Observe);

    public Task Undo(ServiceRollout service, CancellationToken cancel)
    {
        Runner(KeyOf(service)).RollBack(service.Rollout.Promotion);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(
        IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, ObserveUndo);

    public Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        if (outcome.Status == PromotionStatus.Succeeded)
        {
            RunOnly(rollout);
            _lost.TryRemove(rollout.App.Name, out _);
        }
        else foreach (var runner in Of(rollout.App.Name)) runner.Settle();

        return Task.CompletedTask;
    }

    public async Task CleanUp(AppName app, CancellationToken cancel)
    {
        foreach (var runner in Of(app).Where(r => r.Target is null).ToList())
        {
            await runner.Ended();
            RemoveIdle(runner);
        }

        using var copying = await _copying.Enter(app, cancel);
        copies.KeepOnly(
            app, [.. Of(app).SelectMany(r => r.Releases)],
            (service, release, text) => logs.For(new(app, service)).Write(time, "convox", release, text));
    }

    public Task WaitForChange(AppName app, CancellationToken cancel) => Signal(app).Wait(cancel);

    public void Dispose()
    {
        foreach (var runner in _runners.Values) runner.Dispose();
        foreach (var signal in _signals.Values) signal.Dispose();
    }

    /// <summary>Opens the service's routes, and returns why that failed, or null.</summary>
    private Problem? ProblemOf(ServiceKey key, Service service)
    {
        try
        {
            return routes.Open(key, service);
        }
        catch (ProblemException refused)
        {
            return refused.Problems[0];
        }
    }

    private Observation Observe(ServiceRunner runner, PromotionId promotion)
    {
        if (runner.Target?.Promotion != promotion) return new(ObservedState.Starting);
        var seen = runner.Observe();
        var changed = _changed.TryGetValue(runner.Key, out var found) && found.Promotion == promotion ? found.Text : null;
        // The old processes leave no more files only after they have ended.
        var left = seen.State == ObservedState.Complete && runner.Replaced is { } old
            ? copies.Left(runner.Key.App, old, runner.Key.Service) : null;
        return seen with { Warnings = [.. new[] { changed, left }.OfType<string>()] };
    }

    /// <summary>Prepares the folder in which the promotion's commands and processes run. The app's copies must be held.</summary>
    private async Task Prepare(ServiceRollout service, CancellationToken cancel)
    {
        var (rollout, key) = (service.Rollout, KeyOf(service));
        var isInUse = _runners.TryGetValue(key, out var runner) && runner.Releases.Contains(rollout.Release.Id);
        var changed = await copies.PrepareFor(rollout.Promotion, key.App, rollout.Release.Id, service.Spec, isInUse, cancel);
        if (changed is null) return;
        _changed[key] = (rollout.Promotion, changed);
        logs.For(key).Write(time, "convox", rollout.Release.Id, changed);
    }

    /// <summary>A service that has nothing to return to isn't rolled back when its new processes have ended.</summary>
    private Observation ObserveUndo(ServiceRunner runner, PromotionId promotion) =>
        runner.Target is null && _lost.TryGetValue(runner.Key.App, out var lost) && lost.Services?.Contains(runner.Key.Service) is not false
            ? new(ObservedState.Superseded) { Reason = $"can't return to {lost.Release}, which can't be restored: {lost.Reason}" }
            : runner.Observe();

    private Task<IReadOnlyDictionary<ServiceName, Observation>> Each(
        IReadOnlyList<ServiceRollout> rollout, Func<ServiceRunner, PromotionId, Observation> look) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, Observation>>(
            rollout.ToDictionary(s => s.Name, s => look(Runner(KeyOf(s)), s.Rollout.Promotion)));

    private void RunOnly(Rollout rollout)
    {
        foreach (var spec in rollout.Services)
        {
            var runner = Runner(new(rollout.App.Name, spec.Service.Name));
            if (runner.Target?.Promotion == rollout.Promotion) runner.Settle();
            // An earlier daemon died after the last service was complete, but before the outcome was stored, so this one restored the
            // previously active release.
            else Run(runner.Key, RevisionOf(rollout, spec));
        }

        foreach (var runner in Of(rollout.App.Name).Where(r => rollout.Services.All(s => s.Service.Name != r.Key.Service)))
            runner.Run(null);
    }

    private IEnumerable<ServiceRunner> Of(AppName app) => _runners.Values.Where(r => r.Key.App == app);

    private void Run(ServiceKey key, Revision revision) => Change(key, r => r.Run(revision));

    /// <summary>Changes what a service runs. A runner that was retired meanwhile is replaced by a new one.</summary>
    private void Change(ServiceKey key, Func<ServiceRunner, bool> change)
    {
        for (var runner = Runner(key); !change(runner); runner = Runner(key)) Remove(runner);
    }

    /// <summary>Removes a runner whose processes have ended, unless the service is to run again.</summary>
    private void RemoveIdle(ServiceRunner runner)
    {
        if (runner.Retire()) Remove(runner);
    }

    private void Remove(ServiceRunner retired)
    {
        if (_runners.TryRemove(new KeyValuePair<ServiceKey, ServiceRunner>(retired.Key, retired))) retired.Dispose();
    }

    private ServiceRunner Runner(ServiceKey key) =>
        _runners.GetOrAdd(key, k => new ServiceRunner(k, instances, routes, () => Pulse(k.App), time));

    private ChangeSignal Signal(AppName app) => _signals.GetOrAdd(app, _ => new ChangeSignal(time));

    private static ServiceKey KeyOf(ServiceRollout service) => new(service.Rollout.App.Name, service.Name);

    private static Revision RevisionOf(
        Rollout rollout, ServiceSpec spec) => new(rollout.Promotion, rollout.Release.Id, rollout.App.Name, spec)
        {
            KeepsOld = SideBySide.Allows(spec.Service)
            && (rollout.Terms.Holds || (rollout.TakesSteps && !RolloutStrategy.Plan(rollout.Services).IsAllAtOnce)),
        };
}

/// <summary>Represents an active release that couldn't be restored after a restart of the daemon.</summary>
/// <param name="Release">Its id.</param>
/// <param name="Services">Its services, or null if the release can't be read.</param>
/// <param name="Reason">Why it couldn't be restored, as a sentence.</param>
internal sealed record LostRelease(ReleaseId Release, IEnumerable<ServiceName>? Services, string Reason);

/// <summary>
/// Represents what the engine records about a service before it changes it. It is for people only, because the daemon's successor relies on
/// the store.
/// </summary>
/// <param name="Release">The release that was running before, or null if there was none.</param>
/// <param name="Promotion">The promotion that had rolled it out.</param>
internal sealed record LocalNotes(ReleaseId? Release, PromotionId? Promotion);
