using System.Globalization;

namespace Releases.Testing;

public sealed partial class InMemoryReleaseStore
{
    private readonly List<(AppName App, HookId Id, string Json)> _hooks = [];
    private readonly Dictionary<(AppName, HookId), string> _progress = [];

    public Task<IReadOnlyList<Hook>> ListHooks(Action<ProblemException>? unreadable = null, CancellationToken cancel = default) =>
        Do<IReadOnlyList<Hook>>(() => [.. StoredHooks.Read(_hooks.OrderBy(h => h.App).Select(h => h.Json), unreadable)], cancel);

    /// <summary>A record that something else wrote over.</summary>
    public void Damage(HookId hook) => Do(
        () =>
        {
            var at = _hooks.FindIndex(h => h.Id == hook);
            _hooks[at] = _hooks[at] with { Json = "{" };
        },
        default).Wait();

    public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => Do(() =>
    {
        Existing(hook.App);
        _hooks.Add((hook.App, hook.Id, Write(hook, StoreJson.Default.Hook)));
        Of(hook.App).Append(what);
    }, cancel);

    public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) => Do(() =>
    {
        if (_hooks.RemoveAll(h => h.App == app && h.Id == hook) == 0) return false;
        _progress.Remove((app, hook));
        if (what is not null) Of(app).Append(what);
        return true;
    }, cancel);

    public Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
        Do(() => Progress(app, hook), cancel);

    public Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default) => Do(() =>
    {
        if (!_hooks.Exists(h => h.App == progress.App && h.Id == progress.Hook)) return false;
        if ((Progress(progress.App, progress.Hook)?.Revision ?? 0) != progress.Revision - 1) return false;
        _progress[(progress.App, progress.Hook)] = Write(progress, StoreJson.Default.HookProgress);
        return true;
    }, cancel);

    /// <summary>A cursor that was lost.</summary>
    public void LoseProgress(AppName app, HookId hook) => Do(() => _progress.Remove((app, hook)), default).Wait();

    public Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default) =>
        Do<IReadOnlyList<LoggedEvent>>(() =>
        {
            var from = position is null ? 0 : int.Parse(position, CultureInfo.InvariantCulture);
            return [.. Of(app).Events.Skip(from).Take(limit).Select((e, i) =>
                new LoggedEvent(Position(from + i + 1), Read(e, StoreJson.Default.Event)))];
        }, cancel);

    public Task<string?> LastPosition(AppName app, CancellationToken cancel = default) =>
        Do(() => Of(app).Events.Count is > 0 and var count ? Position(count) : null, cancel);

    private static string Position(int number) => number.ToString("d9", CultureInfo.InvariantCulture);

    private HookProgress? Progress(AppName app, HookId hook) =>
        _progress.TryGetValue((app, hook), out var json) ? Read(json, StoreJson.Default.HookProgress) : null;
}
