namespace Releases.Tool;

/// <summary>Converts a file that a command line names to its full path.</summary>
internal static class FilePath
{
    /// <summary>Fails for <c>-</c>: a file that is read twice, or replaced as a whole, can't be a stream.</summary>
    public static string Of(Invocation call, string file) => file != "-"
        ? Path.GetFullPath(file, call.Folder)
        : throw new Problem(
            ProblemCode.Usage, "this command needs a file, not standard input or output. Nothing changed.",
            "Name a file; ./- is one of that name.", ProblemKind.Usage).ToException();
}
