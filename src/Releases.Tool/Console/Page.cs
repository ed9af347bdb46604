using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using RazorSlices;

namespace Releases.Tool;

/// <summary>Represents a whole page: its own content inside the layout that all pages share.</summary>
/// <param name="Title">The title.</param>
/// <param name="Body">The page's own content.</param>
internal sealed record Page(string Title, Slice Body) : IResult
{
    /// <summary>Gets the pages of an app: the last segment of the address, the name, and the key of the shortcut after <c>g</c>.</summary>
    public static IReadOnlyList<(string Tab, string Name, char Key)> Tabs { get; } =
    [
        ("releases", "Releases", 'r'), ("builds", "Builds", 'b'), ("promotions", "Promotions", 'p'), ("environment", "Environment", 'e'),
        ("services", "Services", 's'), ("hooks", "Hooks", 'h'), ("logs", "Logs", 'l'), ("events", "Events", 'v'),
    ];

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Gets the app that the page belongs to, and its status.</summary>
    public AppStatus? AppStatus { get; init; }

    /// <summary>Gets the tab that the page belongs to.</summary>
    public string? Tab { get; init; }

    /// <summary>Gets the address to which the page redirects by itself.</summary>
    public string? GoesOnTo { get; init; }

    /// <summary>Gets the promotion that the page is about, if any.</summary>
    public PromotionId? About { get; init; }

    /// <summary>Gets the lines of the log that the page shows, if any.</summary>
    public LogsView? Logs { get; init; }

    /// <summary>Gets the one-off command whose output the page shows, if any.</summary>
    public OneOffRun? Run { get; init; }

    /// <summary>Gets the title with the app's name, without the state of a promotion.</summary>
    public string FullTitle => AppStatus is { App.Name: var app } ? $"{Title} · {app}" : Title;

    /// <summary>Returns the address of the page's event stream, which continues from what the page shows.</summary>
    public string LivePath(AppStatus appStatus)
    {
        var promotion = appStatus.Running is { } running ? $"&promotion={running.Id}" : "";
        var about = About is { } release ? $"&about={release}" : "";
        var seen = AppStream.SignOf(appStatus);
        return $"/apps/{appStatus.App.Name}/live?seen={seen}{promotion}{about}{Logs?.Continued}{Run?.Continued}";
    }

    /// <summary>Renders the whole page before sending any of it, so that a failure can still become another page.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var text = await Text(new AspNetCoreGeneratedDocument.Console_Pages_Layout { Model = this, Request = Body.Request },
            httpContext.RequestAborted);
        httpContext.Response.StatusCode = Status == StatusCodes.Status200OK && Body.Request.Error is { } error ? error.Status : Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await Compressed.Write(httpContext, text);
    }

    /// <summary>Renders a slice as text.</summary>
    public static async Task<string> Text(RazorSlice slice, CancellationToken cancel)
    {
        using var text = new StringWriter();
        await slice.RenderAsync(text, HtmlEncoder.Default, cancel);
        return text.ToString();
    }
}

/// <summary>Redirects the browser from a form to the page that shows the outcome.</summary>
internal sealed record SeeOther(string Path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Path;
        return Task.CompletedTask;
    }
}

/// <summary>Responds without content.</summary>
internal sealed record NoContent : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
