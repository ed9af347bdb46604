using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the output of a one-off command as it is printed, and how the command ended.</summary>
internal static class RunOutputPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var run = request.Run();
        return new Page("Command", new AspNetCoreGeneratedDocument.Console_Pages_RunOutput { Model = run, Request = request })
        {
            AppStatus = await AppStatus.Read(app, request.Store, request.Cancel),
            Tab = "services",
            Run = run,
        };
    }

    /// <summary>Downloads the kept output as a text file.</summary>
    public static Task<IResult> Download(PageRequest request)
    {
        var run = request.Run();
        var name = string.Create(CultureInfo.InvariantCulture, $"{run.App}-{run.Service}-{run.StartedAt.UtcDateTime:yyyyMMdd-HHmmss}.txt");
        var text = string.Concat(run.Kept().Select(line => $"{line.Text}\n"));
        return Task.FromResult<IResult>(new TextFile(name, "text/plain; charset=utf-8", text));
    }

    public static Task<IResult> Stop(PageRequest request)
    {
        var run = request.Run();
        run.Stop();
        return Task.FromResult<IResult>(new SeeOther($"/apps/{run.App}/runs/{run.Id}"));
    }
}

/// <summary>Represents a file that the browser saves.</summary>
/// <param name="Name">The file name, in ASCII.</param>
/// <param name="Type">The media type.</param>
/// <param name="Text">The content.</param>
internal sealed record TextFile(string Name, string Type, string Text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = Type;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{Name}\"";
        return Compressed.Write(httpContext, Text);
    }
}
