namespace Releases.Local.Tests;

/// <summary>
/// The tool, which processes are started through: the one that CONVOX_TEST_TOOL names, or else as it was built beside the tests. The native
/// program that build/test.sh names starts with a tenth of the CPU time.
/// </summary>
internal static class BuiltTool
{
    public static ToolCommand Command { get; } = Environment.GetEnvironmentVariable("CONVOX_TEST_TOOL") is { Length: > 0 } given
        ? Given(new(given))
        : Built();

    private static ToolCommand Given(FileInfo tool)
    {
        var program = tool.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? tool.FullName;
        return ToolCommand.From(program, Path.GetDirectoryName(program)!);
    }

    private static ToolCommand Built()
    {
        var build = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "../../../../../src/Releases.Tool/bin", build.Parent!.Name, build.Name));
        return new("dotnet", [Path.Combine(folder, "dotnet-convox.dll")], folder);
    }
}
