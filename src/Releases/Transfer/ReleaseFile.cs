using System.Text.Json;

namespace Releases;

/// <summary>What can be wrong with a file that a release is in.</summary>
internal static class ReleaseFile
{
    /// <summary>The problem that reading it came to; null: a bug.</summary>
    public static Problem? Problem(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(ProblemCode.ReleaseFile, $"there is no file '{path}'.", "Check the path."),
        InvalidDataException or EndOfStreamException or JsonException or FormatException => new(
            ProblemCode.ReleaseFile,
            $"'{path}' isn't a whole release file: {failure.Message.Split('\n')[0].TrimEnd('.')}. Nothing was stored.",
            Remedy.Do(Operation.ExportRelease, "Export the release again", "<id>")),
        IOException or UnauthorizedAccessException => new(
            ProblemCode.ReleaseFile, $"'{path}' can't be read: {failure.Message.TrimEnd('.')}. Nothing was stored.",
            "Make it readable, and run the command again."),
        _ => null,
    };
}
