using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows a build, its artifacts and its log.</summary>
internal static class BuildPage
{
    /// <summary>
    /// The number of characters to show from the end of a log, which keeps the page under 60 KB even if it compresses badly.
    /// </summary>
    private const int MaxCharacters = 64 * 1024;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var build = (await request.Store.RequireBuild(app.Name, BuildId.Parse((string)request.Http.Request.RouteValues["build"]!),
            request.Cancel)).AsOf(request.Now);
        // The page of a running build reads it every few seconds, so only as many pieces as it shows.
        var log = string.Concat(await request.Store.ReadBuildLog(
            app.Name, build.Id, last: (MaxCharacters / Build.MaxLogPart) + 2, cancel: request.Cancel));
        var isCut = log.Length > MaxCharacters;
        if (isCut) log = log[(log.IndexOf('\n', log.Length - MaxCharacters) + 1)..];
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
        var view = new BuildInFull(app, build, log.TrimEnd('\n') is { Length: > 0 } text ? text.Split('\n') : [], isCut);
        return new Page($"Build {build.Id}", new AspNetCoreGeneratedDocument.Console_Pages_Build { Model = view, Request = request })
        { AppStatus = status, Tab = "builds" };
    }
}

/// <summary>Represents a build and its log.</summary>
/// <param name="App">The app.</param>
/// <param name="Build">The build.</param>
/// <param name="Log">The lines that it printed.</param>
/// <param name="IsCut">Whether earlier lines are left out.</param>
internal sealed record BuildInFull(App App, Build Build, IReadOnlyList<string> Log, bool IsCut)
{
    /// <summary>Gets the index of the first line with an error, or null if none has one.</summary>
    public int? FirstError { get; } =
        Log.Index().Where(l => LogSeverities.ReadBuild(l.Item) == LogSeverity.Error).Select(l => (int?)l.Index).FirstOrDefault();
}
