namespace Releases.Testing;

public sealed partial class InMemoryReleaseStore
{
    public Task SaveBuild(Build build, CancellationToken cancel = default) => Do(() =>
    {
        if (Of(build.App).Build(build.Id) is not { Status: BuildStatus.Complete }) Of(build.App).Save(build);
    }, cancel);

    public Task RenewBuild(AppName app, BuildId id, DateTimeOffset now, CancellationToken cancel = default) => Do(() =>
    {
        if (Of(app).Build(id) is { Status: BuildStatus.Running } build) Of(app).Save(build with { HeardAt = now });
    }, cancel);

    public Task<Build?> FindBuild(AppName app, BuildId id, CancellationToken cancel = default) =>
        Do(() => Of(app).Build(id), cancel);

    public Task<IReadOnlyList<Build>> ListBuilds(AppName app, int limit, CancellationToken cancel = default) => Do<IReadOnlyList<Build>>(
        () => [.. Enumerable.Reverse(Of(app).Builds).Take(limit).Select(b => Read(b.Value, StoreJson.Default.Build))], cancel);

    public Task AppendBuildLog(AppName app, BuildId build, int part, string text, CancellationToken cancel = default) =>
        Do(() => { Of(app).BuildLogs[(build, part)] = text; }, cancel);

    public Task<IReadOnlyList<string>> ReadBuildLog(
        AppName app, BuildId build, int from = 0, int last = int.MaxValue, CancellationToken cancel = default) => Do<IReadOnlyList<string>>(
        () => [.. Of(app).BuildLogs.Where(l => l.Key.Build == build && l.Key.Part >= from).OrderBy(l => l.Key.Part).Select(l => l.Value)
            .TakeLast(last)],
        cancel);
}
