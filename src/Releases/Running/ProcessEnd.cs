using System.Globalization;

namespace Releases;

/// <summary>Describes how a process ended, by its exit code.</summary>
public static class ProcessEnd
{
    /// <summary>Returns the description as a predicate: <c>exited with code 3</c>, <c>was ended by signal 6 (SIGABRT)</c>.</summary>
    public static string Words(int exitCode) => exitCode switch
    {
        // How .NET ends a process after an unhandled exception.
        128 + 6 => "was ended by signal 6 (SIGABRT)",
        128 + 9 => "was ended by signal 9 (SIGKILL)",
        128 + 11 => "was ended by signal 11 (SIGSEGV)",
        128 + 15 => "was ended by signal 15 (SIGTERM)",
        > 128 => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {exitCode - 128}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exited with code {exitCode}"),
    };
}
