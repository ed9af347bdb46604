using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Makes a release of a draft, and promotes it where that is wanted.</summary>
internal static class EnvironmentButton
{
    public static async Task<IResult> Press(Visit visit, EnvironmentView seen, bool toPromote, Func<Problem, Task<IResult>> conflicts)
    {
        var app = seen.App;
        if (seen.Draft is not { } draft)
            throw new Problem(ProblemCode.Nothing, "There is no change to be made; perhaps it was made in another window.", "Load the page again to see what is there.").ToException();
        if (toPromote) await PromoteButton.RequireFree(visit, app);

        // Where latest and active differ, whoever promotes has to have said which is meant.
        var from = visit.Field("base") ?? (toPromote && seen.HasChoice ? null : draft.From);
        CreatedRelease? made;
        try
        {
            made = await new ChangeEnvironment(visit.Rack, visit.Site.Time).Apply(new(app.Name, draft.Edit, from, visit.Site.By, toPromote), CancellationToken.None);
        }
        catch (ProblemException changed) when (changed.Is(ProblemCode.ChangedMeanwhile))
        {
            return await conflicts(changed.Problems[0]);
        }

        visit.Session!.Drafts.TryRemove(app.Name, out _);
        if (made is null) throw new Problem(ProblemCode.Nothing, $"{app.Name} has this environment already, so no release was made.").ToException();
        return toPromote ? await PromoteButton.BeginNew(visit, app, made.Release) : new SeeOther($"/apps/{app.Name}/releases/{made.Release.Id}");
    }
}
