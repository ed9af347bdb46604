using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using RazorSlices;

namespace Releases.Tool;

/// <summary>Represents a part of a page, with the elements that all pages use. Everything written with <c>@</c> is encoded.</summary>
internal abstract partial class Slice : RazorSlice
{
    /// <summary>Gets the request.</summary>
    public PageRequest Request { get; init; } = null!;

    /// <summary>Gets the antiforgery field of a form.</summary>
    protected HtmlString Guard => new($"<input type=\"hidden\" name=\"{FormGuard.Field}\" value=\"{Request.Session?.FormToken}\">");

    /// <summary>Renders a status as a text with a color and a shape.</summary>
    /// <param name="cell">The status.</param>
    /// <param name="isChange">Whether it is a difference, which isn't in progress and has a shape of its own.</param>
    protected static HtmlString Chip(Cell cell, bool isChange = false)
    {
        if (cell.Text.Length == 0) return HtmlString.Empty;
        var style = cell.TextStyle.ToString().ToLowerInvariant() + (isChange ? " change" : "");
        return new($"<span class=\"chip {style}\">{Encode(cell.Text)}</span>");
    }

    /// <summary>Renders why a request failed, next to where it was made.</summary>
    protected HtmlString Why(IReadOnlyList<Problem> problems) => problems.Count == 0
        ? HtmlString.Empty
        : new($"<div class=\"note bad\" role=\"alert\" id=\"problems\" data-keep>{string.Concat(problems.Select(Why))}</div>");

    /// <summary>Renders what to do about a problem of an app, or of none.</summary>
    protected HtmlString Offer(Remedy? remedy, AppName? app) => RemedyLinks.From(remedy, app, Request.Rack.Address);

    /// <summary>Renders that an app isn't running because the rack is stopped.</summary>
    protected HtmlString RackStopped(App app) => new(
        $"<p class=\"note busy\" id=\"rack-stopped\">{app.Name} isn’t running because the rack is stopped. Start it again: "
            + $"{Command(Operation.StartRack, null)}</p>");

    /// <summary>Renders a command with its app and rack, which can be pasted into any terminal.</summary>
    protected HtmlString Command(Operation operation, AppName? app, params IReadOnlyList<string> arguments) => new(
        RemedyLinks.Code(new RemedyText(app?.ToString(), Request.Rack.Address).Command(new("", operation.Name, arguments))));

    /// <summary>
    /// The length to which a description is cut where a release is only mentioned: that of an environment change names every variable.
    /// </summary>
    private const int MaxDescribed = 120;

    /// <summary>Renders a link to a release with its number.</summary>
    protected async Task<HtmlString> Link(AppName app, ReleaseId id, bool described = false)
    {
        var name = await Request.Console.Releases.Find(app, id, Request.Cancel);
        var text = name is null ? $"<code>{id}</code>" : $"v{name.Number}";
        var description = described && name is { Description.Length: > 0 }
            ? $" <span class=\"what\">{Encode(BriefTitle(name.Description))}</span>"
            : "";
        return new($"<a href=\"{Of(app, $"releases/{id}")}\" title=\"{id}\">{text}</a>{description}");
    }

    /// <summary>Returns the description of a release or build without the commit before its subject, which is shown beside it.</summary>
    protected static string Title(string description) => BuildPrefix().Replace(description, "");

    /// <summary>Returns the title, or a text for an empty one.</summary>
    protected static string TitleOrNone(string description) => description.Length == 0 ? "no description" : Title(description);

    /// <summary>Returns the title, shortened.</summary>
    protected static string BriefTitle(string description) => SafeText.Line(Brief(Title(description)));

    /// <summary>Renders who did something, with a link to the CI run if there is one.</summary>
    protected static HtmlString Who(string by)
    {
        var (name, run) = Actor.Split(by);
        if (run is null) return new(Encode(name));
        var page = Encode(run.AbsoluteUri);
        return new($"<a href=\"{page}\" title=\"{page}\" rel=\"noreferrer\">{Encode(name)}</a>");
    }

    /// <summary>Returns the number of a release as text.</summary>
    protected async Task<string> Label(AppName app, ReleaseId id) =>
        await Request.Console.Releases.Find(app, id, Request.Cancel) is { } name ? $"v{name.Number}" : id.ToString();

    /// <summary>Renders a commit, with a link to its page if the repository's host is known.</summary>
    protected static HtmlString Commit(App app, string? commit, bool whole = false)
    {
        if (commit is null) return HtmlString.Empty;
        var text = $"<code{(whole ? " class=\"long\"" : "")}>{Encode(whole ? commit : StatusText.ShortCommit(commit)!)}</code>";
        return CommitLink.For(app.Sources is [.., var source] ? source.Remote : null, commit) is { } page
            ? new($"<a href=\"{Encode(page.AbsoluteUri)}\" rel=\"noreferrer\">{text}</a>") : new(text);
    }

    /// <summary>Renders a link to a build.</summary>
    protected static HtmlString BuildLink(App app, BuildId? build) => build is null
        ? HtmlString.Empty
        : new($"<a href=\"{Of(app.Name, $"builds/{build}")}\"><code>{build}</code></a>");

    /// <summary>Renders a button that copies a text; the style sheet hides it without scripts.</summary>
    protected static HtmlString Copy(string text, string what) =>
        new($"<button type=\"button\" class=\"quiet copy\" data-copy=\"{Encode(text)}\" aria-label=\"Copy {Encode(what)}\">Copy</button>");

    /// <summary>Renders a relative time, with the exact time as a tooltip.</summary>
    protected HtmlString Ago(DateTimeOffset then) =>
        new(
            $"<time datetime=\"{then.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\" "
                + $"title=\"{Exact(then)}\">{RelativeTime.Of(then, Request.Now)}</time>");

    /// <summary>Renders a relative time, followed by the date if it is older than a day.</summary>
    protected HtmlString AgoAndDate(DateTimeOffset then) => Request.Now - then < TimeSpan.FromDays(1)
        ? Ago(then)
        : new($"{Ago(then)} <span class=\"exact date\">{Encode(Date(then))} {Moment(then, "HH:mm")} UTC</span>");

    /// <summary>Formats the days of a period.</summary>
    protected string Days(DateTimeOffset from, DateTimeOffset until) =>
        from.UtcDateTime.Date == until.UtcDateTime.Date ? Date(from) : $"{Date(from)} – {Date(until)}";

    /// <summary>Renders a relative time followed by the exact time.</summary>
    protected HtmlString AgoAndWhen(DateTimeOffset then) => new($"{Ago(then)} <span class=\"exact\">({Exact(then)})</span>");

    /// <summary>Formats the exact time: <c>2026-01-02 03:04:05 UTC</c>.</summary>
    protected static string Exact(DateTimeOffset then) =>
        then.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>Formats a period; within one day, the end has only its time.</summary>
    protected static string Period(DateTimeOffset from, DateTimeOffset until) =>
        from.UtcDateTime.Date == until.UtcDateTime.Date
            ? $"{Moment(from, "yyyy-MM-dd HH:mm")}–{Moment(until, "HH:mm")} UTC"
            : $"{Moment(from, "yyyy-MM-dd HH:mm")} – {Moment(until, "yyyy-MM-dd HH:mm")} UTC";

    /// <summary>Renders how long something has taken so far.</summary>
    protected HtmlString Since(DateTimeOffset began) =>
        new($"<time datetime=\"{began.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\" data-elapsed>{Duration.Elapsed(Request.Now - began)}</time>");

    /// <summary>Returns the address of a page of an app.</summary>
    protected static string Of(AppName app, string page = "releases") => $"/apps/{app}/{page}";

    /// <summary>Renders lines that a process printed, with their colors.</summary>
    protected static HtmlString Lines(IEnumerable<string> lines) => new(string.Join('\n', lines.Select(AnsiHtml.From)));

    private string Why(Problem problem) =>
        $"<p><code>{problem.Code}</code> {Encode(problem.Text)}</p>{Offer(problem.Remedy, Request.AppOfAddress)}";

    private static string Brief(string description)
    {
        if (description.Length <= MaxDescribed) return description;
        var end = char.IsHighSurrogate(description[MaxDescribed - 1]) ? MaxDescribed - 1 : MaxDescribed;
        return $"{description[..end].TrimEnd()}…";
    }

    /// <summary>Formats a day, with the year if it is another one.</summary>
    private string Date(DateTimeOffset then) =>
        Moment(then, then.UtcDateTime.Year == Request.Now.UtcDateTime.Year ? "MMM d" : "MMM d, yyyy");

    private static string Moment(DateTimeOffset then, string format) => then.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    protected static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex("^build [0-9a-f]{10} (?!with uncommitted changes$)(?=.)")]
    private static partial Regex BuildPrefix();
}

/// <summary>Represents a part of a page with a model.</summary>
internal abstract class Slice<TModel> : Slice
{
    public TModel Model { get; init; } = default!;
}
