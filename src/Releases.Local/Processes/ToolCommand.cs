namespace Releases.Local;

/// <summary>Represents the command that starts this tool again: natively compiled, or run by <c>dotnet</c>.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">The arguments that precede the tool's own.</param>
/// <param name="Folder">The folder with the tool's files.</param>
public sealed record ToolCommand(string Program, IReadOnlyList<string> Arguments, string Folder)
{
    /// <summary>The tool's assembly if <c>dotnet</c> runs it.</summary>
    public const string Assembly = "dotnet-convox.dll";

    /// <summary>Returns the command of the running tool.</summary>
    public static ToolCommand Current()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not tell which program this is.");
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return From(program, (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName);
    }

    /// <summary>Creates the command from the started program and the folder of its files.</summary>
    internal static ToolCommand From(string program, string folder)
    {
        var assembly = Path.Combine(folder, Assembly);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") return new(program, [assembly], folder);
        // The shim that dotnet tool install creates for a tool that needs the runtime is in another folder, and an update deletes it, so
        // start the assembly directly.
        return File.Exists(assembly) && Path.GetDirectoryName(program) != folder
            ? new(DotnetRoot.Find() is { } root ? Path.Combine(root, "dotnet") : "dotnet", [assembly], folder)
            : new(program, [], folder);
    }

    /// <summary>Returns the command of the same tool in a copy of its folder.</summary>
    public ToolCommand In(string folder) => Arguments.Count > 0
        ? this with { Arguments = [Path.Combine(folder, Assembly)], Folder = folder }
        : this with { Program = Path.Combine(folder, Path.GetFileName(Program)), Folder = folder };

    /// <summary>Determines whether the tool is in its folder.</summary>
    public bool Exists() => File.Exists(Arguments is [var assembly, ..] ? assembly : Program);

    /// <summary>
    /// Returns the files that the tool needs: for a native program, the program and the libraries beside it, because it may be in a folder
    /// of many programs; otherwise the whole folder.
    /// </summary>
    public IEnumerable<FileInfo> Files()
    {
        var folder = new DirectoryInfo(Folder);
        return File.Exists(Path.Combine(Folder, Assembly))
            ? folder.EnumerateFiles("*", SearchOption.AllDirectories)
            : [new FileInfo(Program), .. folder.EnumerateFiles("lib*.so"), .. folder.EnumerateFiles("lib*.dylib")];
    }
}
