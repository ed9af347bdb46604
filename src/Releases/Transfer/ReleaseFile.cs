using System.Text.Json;

namespace Releases;

/// <summary>Converts failures of reading a release file to problems.</summary>
internal static class ReleaseFile
{
    /// <summary>Returns the problem of a failed read, or null if the failure is a bug.</summary>
    public static Problem? Explain(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(ProblemCode.ReleaseFile, $"there is no file '{path}'.", "Check the path."),
        InvalidDataException or EndOfStreamException or JsonException or FormatException => new(
            ProblemCode.ReleaseFile,
            $"'{path}' isn't a whole release file: {FailureReason.OfContent(failure)}.",
            "Export the release again on the rack that has it.", Unchanged: Problem.NothingWasStored),
        IOException or UnauthorizedAccessException => new(
            ProblemCode.ReleaseFile, $"'{path}' can't be read: {FailureReason.OfFile(failure, path)}.",
            Directory.Exists(path) ? "Name a file in it." : "Choose a file that this user can read.", Unchanged: Problem.NothingWasStored),
        _ => null,
    };
}
