using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the variables of an app, masked, and makes releases from drafts of changes.</summary>
internal static class EnvironmentPage
{
    public const string Latest = "latest";
    public const string Active = "active";

    private const string MessageName = ActionError.MessageName;
    private const string KeyName = "key", AddName = "add";

    public static async Task<IResult> Show(PageRequest request)
    {
        var seen = await Read(request);
        var appStatus = await AppStatus.Read(seen.App, request.Store, request.Cancel);
        // The message waits until the page can be shown.
        var message = request.Query(MessageName) is { } name ? request.Session!.Messages.Take(name) : null;
        seen = seen with { Message = message };
        if (message?.Reveal is { } key) seen = await Reveal(request, seen, key);
        return new Page("Environment", new AspNetCoreGeneratedDocument.Console_Pages_Environment
        { Model = seen with { WhyNot = appStatus.WhyNot() }, Request = request })
        {
            Status = message?.Problems is [var first, ..] ? Failures.StatusOf(first) : StatusCodes.Status200OK,
            AppStatus = appStatus,
            Tab = "environment",
        };
    }

    /// <summary>
    /// Handles the page's buttons, which the form's field names distinguish. The form redirects to the page, which shows the outcome.
    /// </summary>
    public static async Task<IResult> Change(PageRequest request)
    {
        EnvironmentView? seen = null;
        try
        {
            seen = await Read(request);
            return await Pressed(request, seen);
        }
        catch (ProblemException refused)
        {
            // What was typed is shown again only in the form that it was typed into.
            var what = request.Field("do");
            var message = new FlashMessage(refused.Problems)
            {
                Key = what is "set" ? request.Field("key") : null,
                Value = what is "set" ? request.Field("value") : null,
                IsRow = what is "set" && request.Field("key") == (seen is null ? request.Query(KeyName) : seen.Row),
                Lines = what is "paste" ? request.Field("lines") : null,
                Beside = TypedBeside.From(request),
            };
            return seen is null ? LeadsBack(request, message) : Leads(request, seen, seen.EnvironmentDraft, message);
        }
    }

    private static async Task<IResult> Pressed(PageRequest request, EnvironmentView seen)
    {
        var beside = TypedBeside.From(request);
        if (request.Field("reveal") is { } revealed)
            return seen.Now.TryGet(revealed, out _)
                ? Leads(request, seen, seen.EnvironmentDraft, new([]) { Reveal = revealed, Beside = beside }, revealed)
                : throw NoVariable(seen, revealed);
        if (request.Field("do") is "keep") return Leads(request, seen, seen.EnvironmentDraft, new([]) { Beside = beside });
        if (request.Field("do") is "save" or "apply") beside?.RequireAdded();
        if (request.Field("do") is "save" or "apply" or "again" or "theirs") RequireSeen(request, seen);
        if (request.Field("do") is "save" or "apply")
            return await EnvironmentButton.Press(request, seen, toPromote: request.Field("do") is "apply");
        var draft = Changed(request, seen);
        Keep(request, seen.EnvironmentDraft, draft);
        var after = draft is null || draft.Pending.IsEmpty ? null : draft;
        var row = request.Field("remove") ?? request.Field("undo") ?? seen.Row;
        // The row that was sent is closed.
        return beside is null
            ? new SeeOther(seen.Address(after, seen.After) + Row(row))
            : Leads(request, seen with { Row = null }, after, new([]) { Beside = beside }, row);
    }

    /// <summary>Reads the current environment and this window's draft, if any.</summary>
    private static async Task<EnvironmentView> Read(PageRequest request)
    {
        var app = await request.App();
        var drafts = request.Session!.Drafts;
        var draft = request.Query(EnvironmentView.DraftName) is { } id && drafts.GetValueOrDefault(id) is { } known && known.App == app.Name
            ? known
            : null;
        var from = draft?.From ?? (request.Query("from") == Active && app.Active is not null ? Active : Latest);
        var release = (from == Active ? app.Active : app.Latest) is { } there
            ? await request.Store.RequireRelease(app.Name, there, request.Cancel)
            : null;
        var now = release is null ? EnvironmentSet.Empty : await request.Rack.ReadEnvironment(release, request.Cancel);
        var (row, added) = (request.Query(KeyName), request.Query(AddName));
        var view = new EnvironmentView(app, from, release, now, draft)
        {
            Row = row,
            Added = added,
            IsDraftGone = draft is null && request.Query(EnvironmentView.DraftName) is not null,
            After = request.Query("after"),
            Filter = request.Query(EnvironmentView.FilterName)?.Trim() is { Length: > 0 } filter ? filter : null,
            ShowsValues = request.Query(EnvironmentView.ValuesName) is not null,
            Others = [.. drafts.Values.Where(d => d.App == app.Name && d.Id != draft?.Id).OrderBy(d => d.Id, StringComparer.Ordinal)],
        };
        return row is null && added is not null && now.TryGet(added, out _) ? view.AtRow(added) : view;
    }

    private static EnvironmentDraft? Changed(PageRequest request, EnvironmentView seen)
    {
        var draft = seen.EnvironmentDraft ?? EnvironmentDraft.Begin(seen.App.Name, seen.From, seen.Now);
        if (request.Field("remove") is { } removed) return draft.Remove(removed);
        if (request.Field("undo") is { } undone) return draft.Undo(undone);
        return request.Field("do") switch
        {
            "set" => draft.Set([new(request.Field("key")?.Trim() ?? "", Typed(request, "value"))]),
            "paste" => draft.SetPasted(Typed(request, "lines")),
            "again" => draft.On(seen.Now),
            "theirs" => draft.WithoutConflicts(seen.Now),
            "discard" => null,
            var unknown => throw new RejectedRequestException(StatusCodes.Status400BadRequest,
                $"the page has no button '{SafeText.Line(unknown ?? "")}'."),
        };
    }

    /// <summary>Fails if the draft was edited since the page with the button showed it.</summary>
    private static void RequireSeen(PageRequest request, EnvironmentView seen)
    {
        if (seen.EnvironmentDraft is { } draft && request.Field("seen") != $"{draft.Revision}")
            throw new Problem(
                ProblemCode.ChangedMeanwhile,
                "this change was edited in another window; the page shows it as it is now. No release was made.",
                "Check it, and press the button again.").ToException();
    }

    private static void Keep(PageRequest request, EnvironmentDraft? before, EnvironmentDraft? after)
    {
        var drafts = request.Session!.Drafts;
        if (after is not null && !after.Pending.IsEmpty) drafts[after.Id] = after;
        else if (before is not null) drafts.TryRemove(before.Id, out _);
    }

    /// <summary>Redirects to the page with a message, and with the row that is still edited.</summary>
    private static SeeOther Leads(
        PageRequest request, EnvironmentView seen, EnvironmentDraft? draft, FlashMessage message, string? key = null)
    {
        var edited = message.Beside?.Row?.Key ?? seen.Row;
        var row = edited is null ? "" : $"&{KeyName}={Uri.EscapeDataString(edited)}";
        var once = $"&{MessageName}={request.Session!.Messages.Put(message)}";
        return new($"{seen.Address(draft, seen.After)}{row}{once}{Row(edited is null ? key : null)}");
    }

    /// <summary>Redirects to the address that the form was sent to, with a message, where the environment couldn't be read.</summary>
    private static SeeOther LeadsBack(PageRequest request, FlashMessage message)
    {
        var here = request.HereWithoutError;
        if (message.Beside?.Row is { } row && request.Query(KeyName) is null)
            here = PageRequest.With(here, KeyName, Uri.EscapeDataString(row.Key));
        return new(PageRequest.With(here, MessageName, request.Session!.Messages.Put(message)));
    }

    /// <summary>Returns the fragment of a variable's row, so that the browser scrolls to it.</summary>
    private static string Row(string? key) => key is null ? "" : $"#var-{Uri.EscapeDataString(key)}";

    /// <summary>Reveals one value of the release that the page shows, once, after recording who revealed it.</summary>
    private static async Task<EnvironmentView> Reveal(PageRequest request, EnvironmentView seen, string key)
    {
        var from = seen.Release?.Id.ToString() ?? seen.From;
        var value = await new RevealEnvironment(request.Operations()).Reveal(seen.App, from, key, CancellationToken.None);
        return seen with { Revealed = new(key, value) };
    }

    private static ProblemException NoVariable(EnvironmentView seen, string key) =>
        new Problem(ProblemCode.NotFound, $"{seen.App.Name} has no variable {Cell.OneLine(key)}.",
            "Reload the page to see the current ones.").ToException();

    /// <summary>Returns a text field of the form, with the line breaks of browsers normalized.</summary>
    private static string Typed(PageRequest request, string field) =>
        (request.Field(field) ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
}
