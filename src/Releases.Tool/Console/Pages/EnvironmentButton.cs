using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Makes a release from a draft and promotes it on request.</summary>
internal static class EnvironmentButton
{
    public static async Task<IResult> Press(PageRequest request, EnvironmentView seen, bool toPromote)
    {
        var app = seen.App;
        if (seen.EnvironmentDraft is not { } draft)
            throw new Problem(ProblemCode.Nothing, "there is no pending change; it may have been applied in another window.",
                "Reload the page to see the current environment.").ToException();

        var onto = Chosen(app, request.Field("base"));
        // If the latest and the active release differ, promoting requires a choice between them.
        if (toPromote && seen.HasChoice && onto is null)
            throw new Problem(ProblemCode.ChooseBase, "latest and active differ. Apply to which release?",
                "Choose one, and press Apply Changes again.").ToException();
        var isOther = onto is { } chosen && chosen != seen.Release?.Id;
        var edit = isOther
            ? draft.EditFor(await request.Rack.ReadEnvironment(await request.Store.RequireRelease(app.Name, onto!.Value,
                request.Cancel), request.Cancel))
            : draft.Edit;
        var from = isOther ? onto.ToString() : onto is not null || !toPromote || seen.HasChoice ? draft.From : null;
        // The active release was chosen because it is active, so it must still be.
        ReleaseReference? expected = onto is not null && onto == app.Active ? app.Active : null;
        var promote = toPromote ? PageRequest.Promoting with { ExpectActive = expected } : null;
        var operations = request.Operations(_ => request.Session!.Drafts.TryRemove(draft.Id, out EnvironmentDraft? _));
        var changed = await new ChangeEnvironment(operations).Run(new(app, edit, from, promote), CancellationToken.None)
            ?? throw new Problem(
                ProblemCode.Nothing,
                $"{await Named(request, onto ?? seen.Release?.Id)} has this environment already, so no release was made.",
                "Discard the change, or choose another release.").ToException();
        return changed.Promotion is { } started ? Buttons.PageOf(started) : new SeeOther($"/apps/{app.Name}/releases/{changed.Release.Id}");
    }

    private static async Task<string> Named(PageRequest request, ReleaseId? release) =>
        release is { } id ? await request.Store.Label(request.AppName, id, request.Cancel) : request.AppName.ToString();

    /// <summary>Returns the release that the form names, or null if it names none.</summary>
    private static ReleaseId? Chosen(App app, string? named) => named switch
    {
        null => null,
        EnvironmentPage.Active => app.Active,
        EnvironmentPage.Latest => app.Latest,
        _ when ReleaseId.Parse(named) is var id && (id == app.Active || id == app.Latest) => id,
        _ => throw new Problem(
            ProblemCode.ChangedMeanwhile, $"{Cell.OneLine(named)} is no longer the active or the latest release. No release was made.",
            "Choose again; the page shows the current ones.").ToException(),
    };
}
