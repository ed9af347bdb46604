namespace Releases;

/// <summary>A change of an app's environment.</summary>
/// <param name="App">The app.</param>
/// <param name="Edit">The change.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; null: the latest.</param>
/// <param name="Promote">How the release is promoted that it makes; null: it is not.</param>
public sealed record EnvironmentChangeRequest(App App, EnvironmentEdit Edit, string? From, PromoteOptions? Promote);

/// <summary>What a change of an environment made.</summary>
/// <param name="Release">The release.</param>
/// <param name="Promotion">Its promotion; null: none was asked for.</param>
public sealed record ChangedEnvironment(Release Release, StartedPromotion? Promotion);

/// <summary>Makes a release of a changed environment, and begins its promotion where that is asked for.</summary>
public sealed class ChangeEnvironment(OperationContext context)
{
    /// <summary>
    /// Null if nothing changes: then no release is made. The release is reported before its promotion begins. Fails with
    /// <see cref="ProblemCode.Environment"/>, with <see cref="ProblemCode.ChooseBase"/> if it is not clear what would be promoted, and as a
    /// promotion does.
    /// </summary>
    public async Task<ChangedEnvironment?> Run(EnvironmentChangeRequest request, CancellationToken cancel)
    {
        var app = request.Promote is { } wanted
            ? await new PromotionPreconditions(context).Ensure(request.App, wanted, cancel)
            : request.App;
        var environment = new EnvironmentRequest(app.Name, request.Edit, request.From, await context.By(cancel),
            request.Promote is not null);
        if (await new EnvironmentRelease(context.Rack, context.Time).Create(environment, cancel) is not { } made) return null;
        foreach (var key in request.Edit.Set.Select(v => v.Key).Where(AspNetListenVariables.Contains))
            context.Say($"warning: {AspNetListenVariables.Warning(key)}");
        if (made.Note is { } note) context.Say(note);
        context.Notes.Report(new OperationNote.ReleaseCreated(made.Release));
        if (request.Promote is not { } options) return new(made.Release, null);
        return new(made.Release, await new StartPromotion(context).RunNew(app, made.Release, options, cancel));
    }

    /// <summary>Refuses now what <see cref="Run"/> would refuse after somebody has worked on the change.</summary>
    public async Task Check(App app, string? from, PromoteOptions? promote, CancellationToken cancel)
    {
        if (promote is null) return;
        app = await new PromotionPreconditions(context).Ensure(app, promote, cancel);
        if (from is null) BaseChoice.RequireUnambiguous(app);
    }
}
