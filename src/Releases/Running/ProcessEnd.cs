using System.Globalization;

namespace Releases;

/// <summary>How a process ended, by its exit code, for people.</summary>
public static class ProcessEnd
{
    /// <summary>As a predicate: <c>exited with code 3</c>, <c>was ended by signal 6 (SIGABRT)</c>.</summary>
    public static string Words(int exitCode) => exitCode switch
    {
        // What .NET ends with after an exception that nothing catches.
        128 + 6 => "was ended by signal 6 (SIGABRT)",
        128 + 9 => "was ended by signal 9 (SIGKILL)",
        128 + 11 => "was ended by signal 11 (SIGSEGV)",
        128 + 15 => "was ended by signal 15 (SIGTERM)",
        > 128 => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {exitCode - 128}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exited with code {exitCode}"),
    };
}
