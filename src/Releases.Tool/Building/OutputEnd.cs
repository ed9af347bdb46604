using System.IO.Pipes;
using System.Text;

namespace Releases.Tool;

/// <summary>
/// Marks the end of a program's output in its pipe. The nodes that MSBuild keeps running for the next build hold the pipe open, so it never
/// ends, and waiting for more output would slow every build down. Whatever the program itself printed is in the pipe before the mark.
/// </summary>
internal static class OutputEnd
{
    /// <summary>Writes the mark, or returns false where the system offers no way to write into a pipe that this process reads.</summary>
    public static bool TryMark(StreamReader output, string mark)
    {
        if (!OperatingSystem.IsLinux() || output.BaseStream is not PipeStream pipe) return false;
        try
        {
            using var writing = new FileStream(
                $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            writing.Write(Encoding.UTF8.GetBytes(mark + "\n"));
            return true;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            // There is no /proc, or this user may not write there.
            return false;
        }
    }
}
