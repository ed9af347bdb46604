namespace Releases.Local;

/// <summary>How this tool is started again: as itself, natively compiled, or by <c>dotnet</c>.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">What comes before the tool's own arguments.</param>
/// <param name="Folder">Where the tool's files lie.</param>
public sealed record ToolCommand(string Program, IReadOnlyList<string> Arguments, string Folder)
{
    /// <summary>What the tool is where <c>dotnet</c> runs it.</summary>
    public const string Assembly = "dotnet-convox.dll";

    /// <summary>The tool that runs now.</summary>
    public static ToolCommand Current()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not tell which program this is.");
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return From(program, (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName);
    }

    /// <summary>By the program that was started and the folder that its files were found in.</summary>
    internal static ToolCommand From(string program, string folder)
    {
        var assembly = Path.Combine(folder, Assembly);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") return new(program, [assembly], folder);
        // What dotnet tool install puts in the way of a tool that needs the runtime lies elsewhere, leads there alone, and goes with it.
        return File.Exists(assembly) && Path.GetDirectoryName(program) != folder
            ? new(DotnetRoot.Find() is { } root ? Path.Combine(root, "dotnet") : "dotnet", [assembly], folder)
            : new(program, [], folder);
    }

    /// <summary>The same tool from a copy of its folder.</summary>
    public ToolCommand In(string folder) => Arguments.Count > 0
        ? this with { Arguments = [Path.Combine(folder, Assembly)], Folder = folder }
        : this with { Program = Path.Combine(folder, Path.GetFileName(Program)), Folder = folder };

    /// <summary>
    /// The files that the tool needs: next to a native program only its libraries, because it may be in a folder of many
    /// programs; else all of the folder.
    /// </summary>
    public IEnumerable<FileInfo> Files()
    {
        var folder = new DirectoryInfo(Folder);
        return File.Exists(Path.Combine(Folder, Assembly))
            ? folder.EnumerateFiles("*", SearchOption.AllDirectories)
            : [new FileInfo(Program), .. folder.EnumerateFiles("lib*.so"), .. folder.EnumerateFiles("lib*.dylib")];
    }
}
