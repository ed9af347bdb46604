namespace Releases;

/// <summary>Reads an app's environment. Revealing values is recorded first, so that every reveal leaves a trace.</summary>
public sealed class RevealEnvironment(OperationContext context)
{
    /// <summary>Returns the environment, for callers that show only its keys.</summary>
    /// <param name="app">The app.</param>
    /// <param name="from">
    /// <c>active</c>, <c>latest</c>, an id or a number; if null, the latest, with a note if another release is active.
    /// </param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<EnvironmentSet> Read(App app, string? from, CancellationToken cancel) =>
        (await ReadRelease(app, from, cancel)).Environment;

    /// <summary>Returns all values. An empty environment reveals nothing, so nothing is recorded.</summary>
    public async Task<EnvironmentSet> RevealAll(App app, string? from, CancellationToken cancel)
    {
        var (release, environment) = await ReadRelease(app, from, cancel);
        if (environment.Count > 0) await Record(app, release, null, cancel);
        return environment;
    }

    /// <summary>Returns one value. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public async Task<string> Reveal(App app, string? from, string key, CancellationToken cancel)
    {
        var (release, environment) = await ReadRelease(app, from, cancel);
        if (!environment.TryGet(key, out var value))
            throw new Problem(
                ProblemCode.NotFound, $"{app.Name} has no variable {key}.",
                NearestName.Hint(key, environment.Keys, Remedy.Do(Operation.ShowEnvironment, "List variables"))).ToException();
        await Record(app, release, key, cancel);
        return value;
    }

    private async Task<(Release? Release, EnvironmentSet Environment)> ReadRelease(App app, string? from, CancellationToken cancel)
    {
        if (from is null && app.Active is { } active && app.Latest is { } latest && active != latest)
            context.Say(
                $"This is the environment of {await context.Store.Label(app.Name, latest, cancel)}, the latest release; "
                    + $"{await context.Store.Label(app.Name, active, cancel)} is active.",
                Remedy.Do(Operation.ShowEnvironment, "Show its environment", OperationOption.From, "active"));
        var release = (await ReleaseBase.Read(context.Store, app.Name, from, cancel)).Base;
        return (release, release is null ? EnvironmentSet.Empty : await context.Rack.ReadEnvironment(release, cancel));
    }

    /// <summary>Records whose values are revealed: those of the release that was read, whatever was released since.</summary>
    private async Task Record(App app, Release? release, string? key, CancellationToken cancel)
    {
        var revealed = new Event
        {
            At = context.Now,
            Kind = EventKind.Revealed,
            By = await context.By(cancel),
            Release = release?.Id,
            Detail = key,
        };
        await context.Store.ChangeApp(app.Name, current => current, revealed, cancel);
    }
}
