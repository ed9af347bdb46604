namespace Releases.Local.Tests;

/// <summary>The tool, which processes are started through, as it was built beside the tests.</summary>
internal static class BuiltTool
{
    public static ToolCommand Command { get; } = Find();

    private static ToolCommand Find()
    {
        var build = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "../../../../../src/Releases.Tool/bin", build.Parent!.Name, build.Name));
        return new("dotnet", [Path.Combine(folder, "dotnet-convox.dll")], folder);
    }
}
