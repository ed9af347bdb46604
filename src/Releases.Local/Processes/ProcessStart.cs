using System.Diagnostics;

namespace Releases.Local;

/// <summary>What to start.</summary>
/// <param name="Id">The name that the rack gives it.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Folder">Where.</param>
/// <param name="Environment">Exactly its environment but for what every process inherits.</param>
internal sealed record ProcessStart(
    string Id, IReadOnlyList<string> Command, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What a service's process inherits from the shell that started the daemon, and nothing else.</summary>
    public static IReadOnlyList<string> Inherited { get; } = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ", "DOTNET_ROOT"];

    /// <summary>What tells a process its name, and the rack which processes are its own, wherever they went.</summary>
    public const string NameVariable = "CONVOX_PROCESS";

    /// <summary>Gives a process these variables of ours, then its own, and no other.</summary>
    public static void Fill(ProcessStartInfo start, IEnumerable<string> inherited, IReadOnlyDictionary<string, string> own)
    {
        start.Environment.Clear();
        foreach (var name in inherited)
            if (System.Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        foreach (var (name, value) in own) start.Environment[name] = value;
    }
}
