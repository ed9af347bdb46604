namespace Releases;

/// <summary>Reads an app's environment. Revealing values is recorded first.</summary>
public sealed class RevealEnvironment(OperationContext context)
{
    private readonly EnvironmentRelease _environments = new(context.Rack, context.Time);

    /// <summary>Returns the environment, for callers that show only its keys.</summary>
    /// <param name="app">The app.</param>
    /// <param name="from">
    /// <c>active</c>, <c>latest</c>, an id or a number; if null, the latest, with a note if another release is active.
    /// </param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<EnvironmentSet> Read(App app, string? from, CancellationToken cancel)
    {
        if (from is null && app.Active is { } active && app.Latest is { } latest && active != latest)
            context.Say(
                $"This is the environment of {await context.Store.Label(app.Name, latest, cancel)}, the latest release; "
                    + $"{await context.Store.Label(app.Name, active, cancel)} is active.",
                Remedy.Do(Operation.ShowEnvironment, "Show its environment", OperationOption.From, "active"));
        return await _environments.Read(app.Name, from, cancel);
    }

    /// <summary>Returns all values. An empty environment reveals nothing, so nothing is recorded.</summary>
    public async Task<EnvironmentSet> RevealAll(App app, string? from, CancellationToken cancel)
    {
        var environment = await Read(app, from, cancel);
        if (environment.Count > 0) await Record(app, from, null, cancel);
        return environment;
    }

    /// <summary>Returns one value. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public async Task<string> Reveal(App app, string? from, string key, CancellationToken cancel)
    {
        var environment = await Read(app, from, cancel);
        if (!environment.TryGet(key, out var value))
            throw new Problem(
                ProblemCode.NotFound, $"{app.Name} has no variable {key}.",
                NearestName.Hint(key, environment.Keys, Remedy.Do(Operation.ShowEnvironment, "List variables"))).ToException();
        await Record(app, from, key, cancel);
        return value;
    }

    private async Task Record(App app, string? from, string? key, CancellationToken cancel) =>
        await _environments.RecordRevealed(app.Name, from, key, await context.By(cancel), cancel);
}
