using System.IO.Pipes;
using System.Text;

namespace Releases.Tool;

/// <summary>
/// Marks the end of a program's output in its pipe. The nodes that MSBuild leaves running for the next build keep the pipe open, so it has
/// no end of its own, and waiting for more would cost every build that time. What the program itself printed is in the pipe before the
/// mark.
/// </summary>
internal static class OutputEnd
{
    /// <summary>False where the system gives no way to write into a pipe that this process reads.</summary>
    public static bool TryMark(StreamReader output, string mark)
    {
        if (!OperatingSystem.IsLinux() || output.BaseStream is not PipeStream pipe) return false;
        using var writing = new FileStream(
            $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        writing.Write(Encoding.UTF8.GetBytes(mark + "\n"));
        return true;
    }
}
