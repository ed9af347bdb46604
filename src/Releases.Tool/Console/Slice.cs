using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using RazorSlices;

namespace Releases.Tool;

/// <summary>A piece of a page, with the words that all of them use. Whatever is written with <c>@</c> is encoded.</summary>
internal abstract class Slice : RazorSlice
{
    /// <summary>The request that it answers.</summary>
    public PageRequest Request { get; init; } = null!;

    /// <summary>The field that lets a form pass.</summary>
    protected HtmlString Guard => new($"<input type=\"hidden\" name=\"{FormGuard.Field}\" value=\"{Request.Session?.FormToken}\">");

    /// <summary>A status: its word, and a color next to it.</summary>
    protected static HtmlString Chip(Cell cell) => cell.Text.Length == 0
        ? HtmlString.Empty
        : new($"<span class=\"chip {cell.TextStyle.ToString().ToLowerInvariant()}\">{Encode(cell.Text)}</span>");

    /// <summary>Why a request wasn't done, next to where it was made.</summary>
    protected HtmlString Why(IReadOnlyList<Problem> problems) => problems.Count == 0
        ? HtmlString.Empty
        : new($"<div class=\"note bad\" role=\"alert\" id=\"problems\" data-keep>{string.Concat(problems.Select(Why))}</div>");

    /// <summary>What to do about a problem of an app; null: of none.</summary>
    protected HtmlString Offer(Remedy? remedy, AppName? app) => RemedyLinks.Of(remedy, app, Request.Rack.Address);

    /// <summary>How long ago, and exactly when for whoever points at it.</summary>
    protected HtmlString Ago(DateTimeOffset then) =>
        new($"<time datetime=\"{then.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\" title=\"{then.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC\">{RelativeTime.Of(then, Request.Now)}</time>");

    /// <summary>How long ago, and exactly when, for pages that have the room.</summary>
    protected HtmlString AgoAndWhen(DateTimeOffset then) =>
        new($"{Ago(then)} <span class=\"exact\">({then.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC)</span>");

    /// <summary>How long something has taken.</summary>
    protected HtmlString Since(DateTimeOffset began) =>
        new($"<time datetime=\"{began.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\" data-elapsed>{Figure(Request.Now - began)}</time>");

    /// <summary>A duration as people read it: <c>9m 57s</c>.</summary>
    protected static string Figure(TimeSpan duration) => string.Concat(Duration.Text(duration).Select(c => char.IsLetter(c) ? $"{c} " : $"{c}")).TrimEnd();

    /// <summary>The address of a page of an app.</summary>
    protected static string Of(AppName app, string page = "releases") => $"/apps/{app}/{page}";

    /// <summary>What a process printed, as lines of text.</summary>
    protected static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Select(SafeText.WithoutEscapes));

    private string Why(Problem problem) => $"<p><code>{problem.Code}</code> {Encode(problem.Message)}</p>{Offer(problem.Remedy, Request.AppOfAddress)}";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>A piece of a page that shows something.</summary>
internal abstract class Slice<TModel> : Slice
{
    public TModel Model { get; init; } = default!;
}
