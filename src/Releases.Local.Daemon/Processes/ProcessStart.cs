namespace Releases.Local;

/// <summary>What to start.</summary>
/// <param name="Id">The name that the rack gives it.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Folder">Where.</param>
/// <param name="Environment">Exactly its environment but for what every process inherits.</param>
internal sealed record ProcessStart(string Id, IReadOnlyList<string> Command, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What a service's process inherits from the shell that started the daemon, and nothing else.</summary>
    public static IReadOnlyList<string> Inherited { get; } = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ", "DOTNET_ROOT"];
}
