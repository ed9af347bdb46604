using System.Globalization;

namespace Releases;

/// <summary>Describes how a process ended, by its exit code.</summary>
public static class ProcessEnd
{
    /// <summary>The sentence, without a period, after the exit of a service with code 0, which is no failure of its program.</summary>
    public const string KeepsRunning =
        "A service has to keep running; for a job that ends, set 'scale: 0' in convox.yml and run it as a one-off process";

    /// <summary>
    /// Returns the description as a predicate: <c>exited with code 3</c>, <c>was ended by signal 6 (SIGABRT)</c>. Codes above 128 may be a
    /// program's own, such as those with which the .NET host reports that a file or a framework is missing, so only the signals that end
    /// programs in practice are named.
    /// </summary>
    public static string Words(int exitCode) => exitCode switch
    {
        128 + 4 => Signal(4, "SIGILL"),
        // How .NET ends a process after an unhandled exception.
        128 + 6 => Signal(6, "SIGABRT"),
        128 + 7 => Signal(7, "SIGBUS"),
        128 + 8 => Signal(8, "SIGFPE"),
        128 + 9 => Signal(9, "SIGKILL"),
        128 + 11 => Signal(11, "SIGSEGV"),
        128 + 15 => Signal(15, "SIGTERM"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exited with code {exitCode}"),
    };

    private static string Signal(int number, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"was ended by signal {number} ({name})");
}
