using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Returns why a file can't be used or a program can't be started, in words that fit after a colon. The runtime's own messages repeat the
/// path, name files that the user doesn't know, or call a folder a lack of permission.
/// </summary>
public static partial class FailureReason
{
    private const int NoSuchFile = 2;
    private const int NotPermitted = 13;

    /// <summary>Returns why a file can't be read or written.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="path">The file, or the folder that can't be created.</param>
    public static string OfFile(Exception failure, string path) => failure switch
    {
        _ when Directory.Exists(path) && failure is not DirectoryNotFoundException => "it is a folder",
        FileNotFoundException or DirectoryNotFoundException when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) =>
            "its folder doesn't exist",
        FileNotFoundException or DirectoryNotFoundException => "it doesn't exist",
        PathTooLongException => "its path is too long",
        UnauthorizedAccessException => "access to it is denied",
        _ => Of(failure),
    };

    /// <summary>Returns why a folder can't be created, or files in it.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="path">The folder, as an absolute path.</param>
    public static string OfFolder(Exception failure, string path)
    {
        var existing = path;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
        return failure switch
        {
            _ when !Directory.Exists(existing) => existing == path ? "it is a file" : $"'{existing}' is a file",
            FileNotFoundException or DirectoryNotFoundException => "its file system takes no new files",
            UnauthorizedAccessException => "access to it is denied",
            _ => Of(failure),
        };
    }

    /// <summary>Returns why the content of a file can't be used.</summary>
    public static string OfContent(Exception failure) => failure switch
    {
        EndOfStreamException => "it ends too early",
        JsonException => "a part of it isn't valid JSON",
        _ => Of(failure),
    };

    /// <summary>Returns the first line of a message without the path at its end.</summary>
    public static string Of(Exception failure) => PathAtEnd().Replace(failure.Message.Split('\n')[0].Trim(), "").TrimEnd('.');

    /// <summary>Returns why a program can't be started.</summary>
    public static string OfProgram(Win32Exception failure) => failure.NativeErrorCode switch
    {
        NoSuchFile => "it isn't installed, or isn't on PATH",
        NotPermitted => "it isn't executable for this user",
        var code => new Win32Exception(code).Message.TrimEnd('.'),
    };

    /// <summary>As in <c>No space left on device : '/srv/backup.tar'</c>.</summary>
    [GeneratedRegex(@"\s*: '[^']*'\.?\z")]
    private static partial Regex PathAtEnd();
}
