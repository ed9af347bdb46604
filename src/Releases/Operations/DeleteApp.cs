namespace Releases;

/// <summary>Represents an app that is about to be deleted.</summary>
/// <param name="App">The app.</param>
/// <param name="Outlives">The services that run its releases and will keep running; if empty, everything it runs is stopped.</param>
public sealed record AppDeletion(App App, IReadOnlyList<string> Outlives);

/// <summary>Removes an app with its releases, and stops its processes.</summary>
public sealed class DeleteApp(OperationContext context)
{
    /// <summary>
    /// Returns what would be deleted, for confirmation. Fails with <see cref="ProblemCode.NoSuchApp"/>, and with
    /// <see cref="ProblemCode.InUse"/> if services would keep running without the app's records and that wasn't requested.
    /// </summary>
    public async Task<AppDeletion> Prepare(AppName name, bool keepRunning, CancellationToken cancel)
    {
        var app = await context.Store.RequireApp(name, cancel);
        var outlives = await Outlives(app, keepRunning, cancel);
        if (outlives.Count > 0 && !keepRunning)
            throw new Problem(
                ProblemCode.InUse,
                $"{string.Join(", ", outlives)} of {name} still run its releases and read its environment when they start processes; "
                    + "nothing changed.",
                Remedy.Do(Operation.DeleteApp, "Remove those services first, or remove only the records", name.ToString(),
                    OperationOption.KeepRunning)).ToException();
        return new(app, outlives);
    }

    /// <summary>What is to keep running needn't be found: every service that the release states may be running.</summary>
    private async Task<IReadOnlyList<string>> Outlives(App app, bool keepRunning, CancellationToken cancel)
    {
        try
        {
            return await context.Rack.OutlivesRecords(app.Name, cancel);
        }
        catch (ProblemException) when (keepRunning)
        {
            IReadOnlyList<string> stated = [.. (await new ServiceCounts(context).Services(app, cancel)).Select(s => $"{s.Name}")];
            if (stated.Count == 0) throw;
            return stated;
        }
    }

    /// <summary>Deletes the app. Fails with <see cref="ProblemCode.Busy"/> while a promotion is running.</summary>
    public async Task Run(AppDeletion deletion, CancellationToken cancel)
    {
        var (name, stops) = (deletion.App.Name, deletion.Outlives.Count == 0);
        if (await context.Store.FindLock(name, cancel) is { } held)
            throw (await context.Store.Busy(held, context.Now, cancel)).ToException();
        try
        {
            if (stops) await context.Rack.BeforeDeletion(name, cancel);
            await context.Store.DeleteApp(
                name, new() { At = context.Now, Kind = EventKind.AppDeleted, By = await context.By(cancel) }, cancel);
        }
        catch (Exception) when (stops)
        {
            await TakeBack(name);
            throw;
        }

        if (stops) await context.Rack.Forget(name, cancel);
    }

    /// <summary>
    /// Takes back what was prepared for a deletion that failed, such as because a promotion began meanwhile or by Ctrl-C. If only the
    /// response was lost, the app is deleted. A failure of this doesn't hide the first one.
    /// </summary>
    private async Task TakeBack(AppName name)
    {
        try
        {
            if (await context.Store.FindApp(name, CancellationToken.None) is { DeletedAt: null })
                await context.Rack.DeletionRefused(name, CancellationToken.None);
        }
        catch (ProblemException left)
        {
            context.Say(
                $"What was prepared for the deletion of {name} may be left: {left.Problems[0].Message}",
                Remedy.Do(Operation.Promote, "Promote a release, which takes it back"));
        }
    }
}
