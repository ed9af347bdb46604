using System.Globalization;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Implements <c>dotnet-convox __exec [--stdin F] [--stdout F] [--stderr F] [--cwd D] [--die-with PID] [--attached] -- program args…</c>:
/// moves itself to a session of its own, or stays attached to its caller's terminal, clears the runtime's signal handling and open files,
/// and then becomes the program. Managed code can't do this between fork and exec.
/// </summary>
public static class ExecShim
{
    internal const int CannotExecute = 126;
    internal const int NotFound = 127;

    /// <summary>Returns the arguments that start a program on this process's terminal and end it with this process.</summary>
    internal static IEnumerable<string> Attached(string folder) =>
        ["__exec", "--cwd", folder, "--die-with", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--attached", "--"];

    /// <summary>Runs the program. Doesn't return if that succeeds.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        var (at, attached) = (0, false);
        for (; at < args.Length && args[at] != "--"; at++)
        {
            var done = args[at] switch
            {
                "--stdin" => NativeProcess.Redirect(args[++at], NativeProcess.ReadOnly, 0),
                "--stdout" => NativeProcess.Redirect(args[++at], NativeProcess.AppendCreate, 1),
                "--stderr" => NativeProcess.Redirect(args[++at], NativeProcess.AppendCreate, 2),
                "--cwd" => NativeProcess.chdir(args[++at]) == 0,
                "--die-with" => NativeProcess.EndWith(int.Parse(args[++at], CultureInfo.InvariantCulture), NativeProcess.SIGKILL),
                "--attached" => attached = true,
                _ => throw new ArgumentException($"'{args[at]}' is not an option of __exec."),
            };
            if (!done) return Fail(args[at], CannotExecute);
        }

        if (!attached) _ = NativeProcess.setsid();
        string?[] command = [.. args[(at + 1)..], null];
        CloseInherited();
        if (!ContentRoot.Open("."))
            return Fail($"{ContentRoot.Variable} with a limit of {OpenFileLimit.Raise()} open files (ulimit -n)", CannotExecute);
        NativeProcess.ResetSignals();
        NativeProcess.execvp(command[0]!, command);
        var missing = Marshal.GetLastPInvokeError() == NativeProcess.ENOENT;
        return Fail(command[0]!, missing ? NotFound : CannotExecute);
    }

    /// <summary>Keeps files that the shell left open, such as the end of a pipe, from being inherited by the program.</summary>
    private static void CloseInherited()
    {
        var folder = OperatingSystem.IsLinux() ? "/proc/self/fd" : "/dev/fd";
        foreach (var entry in Directory.GetFileSystemEntries(folder))
            if (int.TryParse(Path.GetFileName(entry), out var file) && file > 2) NativeProcess.CloseOnExec(file);
    }

    private static int Fail(string what, int code)
    {
        // Read the error before opening the console, which makes system calls of its own.
        var why = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        Console.Error.WriteLine($"dotnet-convox: {what}: {why}");
        return code;
    }
}
