using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using RazorSlices;

namespace Releases.Tool;

/// <summary>A whole page: what it is about, within what all pages have.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Body">What it is about.</param>
internal sealed record Page(string Title, Slice Body) : IResult
{
    /// <summary>The pages of an app: the last part of the address, the name, and the key that follows <c>g</c>.</summary>
    public static IReadOnlyList<(string Tab, string Name, char Key)> Tabs { get; } =
    [
        ("releases", "Releases", 'r'), ("builds", "Builds", 'b'), ("promotions", "Promotions", 'p'), ("environment", "Environment", 'e'),
        ("services", "Services", 's'), ("hooks", "Hooks", 'h'), ("logs", "Logs", 'l'), ("events", "Events", 'v'),
    ];

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The app that it belongs to, and its live status.</summary>
    public AppStatus? AppStatus { get; init; }

    /// <summary>Which of the app's pages it belongs to.</summary>
    public string? Tab { get; init; }

    /// <summary>Where it leads to by itself.</summary>
    public string? GoesOnTo { get; init; }

    /// <summary>The promotion that it is about, where it is about one.</summary>
    public PromotionId? About { get; init; }

    /// <summary>The lines that it shows of the log, where it does.</summary>
    public LogsView? Logs { get; init; }

    /// <summary>The one-off command whose output it shows, where it does.</summary>
    public OneOffRun? Run { get; init; }

    /// <summary>Its title with the app, which the state of a promotion stands before.</summary>
    public string FullTitle => AppStatus is { App.Name: var app } ? $"{Title} · {app}" : Title;

    /// <summary>Where it hears of changes since what it shows.</summary>
    public string LivePath(AppStatus appStatus)
    {
        var promotion = appStatus.Running is { } running ? $"&promotion={running.Id}" : "";
        var about = About is { } release ? $"&about={release}" : "";
        var seen = AppStream.SignOf(appStatus);
        return $"/apps/{appStatus.App.Name}/live?seen={seen}{promotion}{about}{Logs?.Continued}{Run?.Continued}";
    }

    /// <summary>Made whole before anything of it is sent, so that a failure can still become another page.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var text = await Text(new AspNetCoreGeneratedDocument.Console_Pages_Layout { Model = this, Request = Body.Request },
            httpContext.RequestAborted);
        httpContext.Response.StatusCode = Status == StatusCodes.Status200OK && Body.Request.Error is { } error ? error.Status : Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await Compressed.Write(httpContext, text);
    }

    /// <summary>A slice as text.</summary>
    public static async Task<string> Text(RazorSlice slice, CancellationToken cancel)
    {
        using var text = new StringWriter();
        await slice.RenderAsync(text, HtmlEncoder.Default, cancel);
        return text.ToString();
    }
}

/// <summary>Leads the browser from a form to the page that shows what became of it.</summary>
internal sealed record SeeOther(string Path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Path;
        return Task.CompletedTask;
    }
}

/// <summary>Answers a question without words.</summary>
internal sealed record NoContent : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
