using System.Diagnostics;

namespace Releases.Local;

/// <summary>Represents a process to start.</summary>
/// <param name="Id">The name that the rack gives to the process.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Folder">The working directory.</param>
/// <param name="Environment">The environment, apart from what every process inherits.</param>
internal sealed record ProcessStart(
    string Id, IReadOnlyList<string> Command, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Gets the only variables that a service's process inherits from the shell that started the daemon.</summary>
    public static IReadOnlyList<string> Inherited { get; } = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ", "DOTNET_ROOT"];

    /// <summary>Gets the variables that describe a terminal, for a program that runs at the caller's.</summary>
    public static IReadOnlyList<string> Terminal { get; } = ["TERM", "COLORTERM"];

    /// <summary>The variable with the process's name, by which the rack also recognizes its own processes and their descendants.</summary>
    public const string NameVariable = "CONVOX_PROCESS";

    /// <summary>Sets the environment of a process to these variables of this process and its own ones, and no others.</summary>
    public static void Fill(ProcessStartInfo start, IEnumerable<string> inherited, IReadOnlyDictionary<string, string> own)
    {
        start.Environment.Clear();
        foreach (var name in inherited)
            if (System.Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        foreach (var (name, value) in own) start.Environment[name] = value;
    }
}
