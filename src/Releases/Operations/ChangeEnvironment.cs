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
    /// Creates the release; returns null, without a release, if nothing changes. The release is reported before its promotion starts. Fails
    /// with <see cref="ProblemCode.Environment"/>, with <see cref="ProblemCode.ChooseBase"/> if it is unclear what would be promoted, and
    /// as a promotion does.
    /// </summary>
    public async Task<ChangedEnvironment?> Run(EnvironmentChangeRequest request, CancellationToken cancel)
    {
        var app = request.Promote is { } wanted
            ? await new PromotionPreconditions(context).Ensure(request.App, wanted, cancel)
            : request.App;
        var environment = new EnvironmentRequest(app.Name, request.Edit, request.From, await context.By(cancel),
            request.Promote is not null);
        var creation = new EnvironmentRelease(context.Rack, context.Time);
        if (await creation.Create(environment, cancel) is not { } made)
        {
            Unchanged = creation.Unchanged;
            return null;
        }

        foreach (var warning in request.Edit.Set.Select(v => AspNetListenVariables.WarningOfValue(v.Key)).OfType<string>())
            context.Say($"warning: {warning}");
        if (made.Note is { } note) context.Say(note);
        context.Notes.Report(new OperationNote.ReleaseCreated(made.Release));
        if (request.Promote is not { } options) return new(made.Release, null);
        return new(made.Release, await new StartPromotion(context).RunNew(app, made.Release, options, cancel));
    }

    /// <summary>Checks in advance what <see cref="Run"/> would reject after a user has worked on the change.</summary>
    public async Task Check(App app, string? from, PromoteOptions? promote, CancellationToken cancel)
    {
        if (promote is null) return;
        app = await new PromotionPreconditions(context).Ensure(app, promote, cancel);
        if (from is null) await BaseChoice.RequireUnambiguous(context.Store, app, cancel);
    }
}
