using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the logs of an app's processes.</summary>
internal static class LogsPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var filter = LogFilter.From(request);
        await RequireServices(request, app, filter);
        var live = await LiveStatus.Read(app, request.Rack, request.Cancel);
        var asked = request.Now;
        var (lines, entries) = (new Queue<LogEntryLine>(), new LogEntries());
        var query = new LogQuery(app.Name, filter.Services, Since: asked - filter.Since,
            Tail: filter.Searches ? LogFilter.MaxSearched : LogsView.MaxLines);
        await foreach (var line in request.Rack.Running.Logs(query, request.Cancel))
        {
            var severity = entries.Next(line);
            if (!filter.Matches(line, severity)) continue;
            if (lines.Count == LogsView.MaxLines) lines.Dequeue();
            lines.Enqueue(new(line, severity));
        }

        var view = new LogsView(live, [.. lines], filter, asked, request.Query("order") == "newest");
        return new Page("Logs", new AspNetCoreGeneratedDocument.Console_Pages_Logs { Model = view, Request = request })
        { AppStatus = live.AppStatus, Tab = "logs", Logs = view };
    }

    /// <summary>Downloads all lines that match a filter as a text file.</summary>
    public static async Task<IResult> Download(PageRequest request)
    {
        var app = await request.App();
        var filter = LogFilter.From(request);
        await RequireServices(request, app, filter);
        return new LogFile(request, app.Name, filter);
    }

    private static async Task RequireServices(PageRequest request, App app, LogFilter filter)
    {
        if (filter.Services.Count > 0) await request.Store.RequireServices(app, null, filter.Services, request.Cancel);
    }

    private sealed class LogFile(PageRequest request, AppName app, LogFilter filter) : IResult
    {
        private const int FlushAt = 64 * 1024;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "text/plain; charset=utf-8";
            response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture,
                $"attachment; filename=\"{app}-{request.Now.UtcDateTime:yyyyMMdd-HHmmss}.log\"");
            var (text, entries) = (new StringBuilder(), new LogEntries());
            await foreach (var line in request.Rack.Running.Logs(new(app, filter.Services,
                Since: request.Now - filter.Since), request.Cancel))
            {
                if (!filter.Matches(line, entries.Next(line))) continue;
                text.Append(line.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).Append(' ')
                    .Append(line.Process).Append(' ').Append(line.Text).Append('\n');
                if (text.Length < FlushAt) continue;
                await response.WriteAsync(text.ToString(), request.Cancel);
                text.Clear();
            }

            await response.WriteAsync(text.ToString(), request.Cancel);
        }
    }
}

/// <summary>Represents lines of a log.</summary>
/// <param name="LiveStatus">The live status of the app's services.</param>
/// <param name="Lines">The lines, oldest first.</param>
/// <param name="Filter">The filter.</param>
/// <param name="Asked">The time at which they were requested.</param>
/// <param name="IsNewestFirst">Whether the newest line is at the top.</param>
internal sealed record LogsView(LiveStatus LiveStatus, IReadOnlyList<LogEntryLine> Lines, LogFilter Filter,
    DateTimeOffset Asked, bool IsNewestFirst)
{
    /// <summary>The maximum number of lines on a page when it loads.</summary>
    public const int MaxLines = 200;

    /// <summary>Gets the lines in the order in which they are shown.</summary>
    public IEnumerable<LogEntryLine> Shown => IsNewestFirst ? Lines.Reverse() : Lines;

    /// <summary>Gets the query string with which the event stream continues after these lines.</summary>
    public string Continued => $"&log={LogPosition.After(Lines.Select(l => l.Line), Asked)}{Filter.Query}";

    private const string StandardError = "<abbr title=\"standard error\">err</abbr> ";

    /// <summary>Returns a line as HTML.</summary>
    public static HtmlString Html(LogEntryLine entry)
    {
        var (line, severity) = entry;
        var at = line.At.UtcDateTime;
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"<div{(severity == LogSeverity.Any ? "" : $" class=\"{severity.ToString().ToLowerInvariant()}\"")}><span class=\"at\" "
                + $"title=\"{at:yyyy-MM-dd HH:mm:ss.fff} UTC\"><span class=\"date\">{at:MM-dd} </span>{at:HH:mm:ss.fff}</span> "
                + $"<b>{HtmlEncoder.Default.Encode(line.Process)}</b> {(line.IsError ? StandardError : "")}"
                + $"<span>{AnsiHtml.From(line.Text)}</span></div>"));
    }
}
