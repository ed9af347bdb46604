namespace Releases.Tasks;

/// <summary>Checks, before anything is built, that the tool that is to promote can read the rack: it may not be restored, or it may be too
/// old for the rack's data.</summary>
/// <param name="tool">The tool.</param>
/// <param name="folder">The folder to run it in.</param>
internal sealed class TryTool(ToolCommand tool, string folder)
{
    /// <summary>Runs the tool. Fails with <see cref="ProblemCode.ToolNotFound"/> if it can't read the rack.</summary>
    public async Task Run(string rack, CancellationToken cancel)
    {
        var printed = new List<string>();
        var ended = await new ToolRun(tool, folder, "nothing was built").Run($"apps --rack \"{rack}\"", printed.Add, cancel);
        cancel.ThrowIfCancellationRequested();
        if (ended == 0) return;
        var said = string.Join(' ', printed.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        throw (said.Contains("tool restore", StringComparison.Ordinal)
            ? new Problem(ProblemCode.ToolNotFound,
                "the local tool manifest lists dotnet-convox, but it isn't restored here, so nothing was built.",
                "Restore it: dotnet tool restore")
            : new Problem(
                ProblemCode.ToolNotFound,
                $"'{tool.Program}' can't read the rack {rack}, so it couldn't promote and nothing was built: {said}",
                "Update it: dotnet tool update dotnet-convox")).ToException();
    }
}
