using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// Detects that the reader of standard output is gone. The system reports that to the writer, but the runtime doesn't treat it as a
/// failure, and a command that waits for new lines might not write for hours.
/// </summary>
internal static partial class OutputReader
{
    private const int StandardOutput = 1;
    private const int EINTR = 4;

    /// <summary>Returns a token that is cancelled when the other end of the pipe is closed (never for a file).</summary>
    /// <param name="lost">A token that cancels it, too.</param>
    public static CancellationToken Gone(CancellationToken lost)
    {
        if (OperatingSystem.IsWindows()) return lost;
        // Never disposed: it lives as long as the process.
        var gone = CancellationTokenSource.CreateLinkedTokenSource(lost);
        new Thread(() => Wait(gone)) { IsBackground = true, Name = "reader of the output" }.Start();
        return gone.Token;
    }

    private static void Wait(CancellationTokenSource gone)
    {
        // No event is requested, because errors and hang-ups are always reported.
        var file = new PollFile { File = StandardOutput };
        int ready;
        while ((ready = poll(ref file, 1, Timeout.Infinite)) < 0 && Marshal.GetLastPInvokeError() == EINTR) file.Happened = 0;
        if (ready > 0) gone.Cancel();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;
        public short Wanted;
        public short Happened;
    }

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollFile files, nuint count, int timeout);
#pragma warning restore IDE1006, CA5392
}
