namespace Releases;

/// <summary>Represents a change of an app's environment.</summary>
/// <param name="App">The app.</param>
/// <param name="Edit">The change.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; the latest if null.</param>
/// <param name="Promote">How to promote the resulting release, or null not to promote it.</param>
public sealed record EnvironmentChangeRequest(App App, EnvironmentEdit Edit, string? From, PromoteOptions? Promote);

/// <summary>Represents the result of a changed environment.</summary>
/// <param name="Release">The release.</param>
/// <param name="Promotion">Its promotion, or null if none was requested.</param>
public sealed record ChangedEnvironment(Release Release, StartedPromotion? Promotion);

/// <summary>Creates a release from a changed environment, and starts its promotion if requested.</summary>
public sealed class ChangeEnvironment(OperationContext context)
{
    /// <summary>Gets the release that <see cref="Run"/> found to have the environment already, or null before the first one.</summary>
    public Release? Unchanged { get; private set; }

    /// <summary>
    /// Creates the release; returns null, without a release, if nothing changes. If it is promoted, a single write adds it and starts its
    /// promotion, so it is based on what is active then. Fails with <see cref="ProblemCode.Environment"/>, with
    /// <see cref="ProblemCode.ChooseBase"/> if it is unclear what would be promoted, and as a promotion does.
    /// </summary>
    public async Task<ChangedEnvironment?> Run(EnvironmentChangeRequest request, CancellationToken cancel)
    {
        var by = await context.By(cancel);
        if (request.Promote is not { } options)
            return await Create(request, by, write: null, cancel) is { } made ? new(made, Promotion: null) : null;
        var app = await new PromotionPreconditions(context).Ensure(request.App, options, cancel);
        var started = await new StartPromotion(context).RunAdding(app, options, write => Create(request, by, write, cancel), cancel);
        return started is null ? null : new(started.Release, started);
    }

    /// <summary>Checks in advance what <see cref="Run"/> would reject after a user has worked on the change.</summary>
    public async Task Check(App app, string? from, PromoteOptions? promote, CancellationToken cancel)
    {
        if (promote is null) return;
        app = await new PromotionPreconditions(context).Ensure(app, promote, cancel);
        if (from is null) await BaseChoice.RequireUnambiguous(context.Store, app, cancel);
    }

    private async Task<Release?> Create(
        EnvironmentChangeRequest request, string by, Func<ReleaseAddition, Task<bool>>? write, CancellationToken cancel)
    {
        var environment = new EnvironmentRequest(request.App.Name, request.Edit, request.From, by, request.Promote is not null);
        var creation = new EnvironmentRelease(context.Rack, context.Time);
        var added = await creation.Create(environment, write, cancel);
        if (request.Edit.Shown is null) SayAbsent(request.App.Name, creation.Absent.Missing, creation.Absent.Before);
        if (added is not { } made)
        {
            Unchanged = creation.Unchanged;
            return null;
        }

        foreach (var warning in request.Edit.Set.Select(v => AspNetListenVariables.WarningOfValue(v.Key)).OfType<string>())
            context.Say($"warning: {warning}");
        if (made.Note is { } note) context.Say(note);
        context.Notes.Report(new OperationNote.ReleaseCreated(made.Release));
        return made.Release;
    }

    private void SayAbsent(AppName app, IReadOnlyList<string> missing, EnvironmentSet before)
    {
        foreach (var key in missing)
            context.Say(
                $"{app} has no variable {key}.",
                NearestName.Hint(key, before.Keys, Remedy.Do(Operation.ShowEnvironment, "List variables")));
    }
}
