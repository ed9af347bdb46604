using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The variables of an app: masked, changed in a draft, and made a release of.</summary>
internal static class EnvironmentPage
{
    public const string Latest = "latest";
    public const string Active = "active";

    private const string NoteName = "note";

    public static async Task<IResult> Show(Visit visit)
    {
        var seen = await Read(visit);
        var note = visit.Query(NoteName) is { } name ? visit.Session!.Notes.Take(name) : null;
        seen = seen with { Note = note, Key = note?.Key ?? seen.Key };
        if (note?.Reveal is { } key) seen = await Reveal(visit, seen, key);
        var standing = await Standing.Of(seen.App, visit.Store, visit.Cancel);
        return new Page($"Environment of {seen.App.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Environment { Model = seen with { WhyNot = standing.WhyNot() }, Visit = visit })
        {
            Status = note?.Problems is [var first, ..] ? Failures.StatusOf(first) : StatusCodes.Status200OK,
            Standing = standing,
            Tab = "environment",
        };
    }

    /// <summary>One button of the page was pressed; which one its name says. Whatever comes of it is shown by the page, to which the form leads.</summary>
    public static async Task<IResult> Change(Visit visit)
    {
        var seen = await Read(visit);
        try
        {
            return await Pressed(visit, seen);
        }
        catch (ProblemException refused)
        {
            // Only what was typed into the same form goes back to its page.
            var what = visit.Field("do");
            return Leads(visit, seen, new(refused.Problems)
            {
                Key = what is "set" ? visit.Field("key") : null,
                Value = what is "set" ? visit.Field("value") : null,
                Lines = what is "paste" ? visit.Field("lines") : null,
            });
        }
    }

    private static async Task<IResult> Pressed(Visit visit, EnvironmentView seen)
    {
        if (visit.Field("reveal") is { } revealed)
            return seen.Now.TryGet(revealed, out _) ? Leads(visit, seen, new([]) { Reveal = revealed }, revealed) : throw NoVariable(seen, revealed);
        if (visit.Field("do") is "save" or "apply" or "again") RequireSeen(visit, seen);
        if (visit.Field("do") is "save" or "apply") return await EnvironmentButton.Press(visit, seen, toPromote: visit.Field("do") is "apply");
        var draft = Changed(visit, seen);
        Keep(visit, seen.Draft, draft);
        var after = draft is null || draft.Pending.IsEmpty ? null : draft;
        return new SeeOther(seen.Address(after, seen.After) + Row(visit.Field("remove") ?? visit.Field("undo")));
    }

    /// <summary>What is there now, and the draft of this window where there is one.</summary>
    private static async Task<EnvironmentView> Read(Visit visit)
    {
        var app = await visit.App();
        var drafts = visit.Session!.Drafts;
        var draft = visit.Query("draft") is { } id && drafts.GetValueOrDefault(id) is { } known && known.App == app.Name ? known : null;
        var from = draft?.From ?? (visit.Query("from") == Active && app.Active is not null ? Active : Latest);
        var release = (from == Active ? app.Active : app.Latest) is { } there ? await visit.Store.RequireRelease(app.Name, there, visit.Cancel) : null;
        return new(app, from, release, release is null ? EnvironmentSet.Empty : await visit.Rack.ReadEnvironment(release, visit.Cancel), draft)
        {
            Key = visit.Query("key"),
            After = visit.Query("after"),
            Others = [.. drafts.Values.Where(d => d.App == app.Name && d.Id != draft?.Id).OrderBy(d => d.Id, StringComparer.Ordinal)],
        };
    }

    private static Draft? Changed(Visit visit, EnvironmentView seen)
    {
        var draft = seen.Draft ?? Draft.Begin(seen.App.Name, seen.From, seen.Now);
        if (visit.Field("remove") is { } removed) return draft.Remove(removed);
        if (visit.Field("undo") is { } undone) return draft.Undo(undone);
        return visit.Field("do") switch
        {
            "set" => draft.Set([new(visit.Field("key")?.Trim() ?? "", Typed(visit, "value"))]),
            "paste" => draft.SetPasted(Typed(visit, "lines")),
            "again" => draft.On(seen.Now),
            "discard" => null,
            var unknown => throw new RefusedException(StatusCodes.Status400BadRequest, $"The page has no button '{Harmless.Line(unknown ?? "")}'."),
        };
    }

    /// <summary>A button that makes something makes only what its page showed.</summary>
    private static void RequireSeen(Visit visit, EnvironmentView seen)
    {
        if (seen.Draft is { } draft && visit.Field("seen") != $"{draft.Revision}")
            throw new Problem(
                ProblemCode.ChangedMeanwhile, "This change was edited in another window, and is shown as it is now. Nothing was made.", "Check it, and press the button again.").ToException();
    }

    private static void Keep(Visit visit, Draft? before, Draft? after)
    {
        var drafts = visit.Session!.Drafts;
        if (after is not null && !after.Pending.IsEmpty) drafts[after.Id] = after;
        else if (before is not null) drafts.TryRemove(before.Id, out _);
    }

    private static SeeOther Leads(Visit visit, EnvironmentView seen, Note note, string? key = null) =>
        new($"{seen.Address(seen.Draft, seen.After)}&{NoteName}={visit.Session!.Notes.Put(note)}{Row(key)}");

    /// <summary>Where on the page a variable is, so that the browser shows it again.</summary>
    private static string Row(string? key) => key is null ? "" : $"#var-{Uri.EscapeDataString(key)}";

    /// <summary>Shows one value, once, and writes down before who looked at which.</summary>
    private static async Task<EnvironmentView> Reveal(Visit visit, EnvironmentView seen, string key)
    {
        if (!seen.Now.TryGet(key, out var value)) throw NoVariable(seen, key);
        var what = new Event { At = visit.Now, Kind = EventKind.Revealed, By = visit.Site.By, Release = seen.Release?.Id, Detail = key };
        await visit.Store.ChangeApp(seen.App.Name, app => app, what, CancellationToken.None);
        return seen with { Revealed = new(key, value) };
    }

    private static ProblemException NoVariable(EnvironmentView seen, string key) =>
        new Problem(ProblemCode.NotFound, $"{seen.App.Name} has no variable {Cell.OneLine(key)}.", "Load the page again to see which there are.").ToException();

    /// <summary>Browsers end the lines of a form in their own way.</summary>
    private static string Typed(Visit visit, string field) => (visit.Field(field) ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
}
