using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Represents <c>daemon.json</c>. It is for people, and shows that a daemon died: it exists while one is alive, and stopping removes it.
/// </summary>
internal sealed class DaemonStateFile(LocalHome home)
{
    /// <summary>Gets whether something has its name, whatever it is.</summary>
    public bool Exists => Path.Exists(home.DaemonState);

    /// <summary>Returns what it says, or null if it is missing or can't be read.</summary>
    public DaemonState? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.DaemonState), DaemonMessages.Default.DaemonState);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or <see cref="ProblemCode.DiskFull"/>.</summary>
    public void Write(DaemonState state)
    {
        try
        {
            HomeFolder.MoveAside(home.DaemonState);
            AtomicFile.Write(home.DaemonState, JsonSerializer.SerializeToUtf8Bytes(state, DaemonMessages.Default.DaemonState));
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.DaemonState) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Removes it, because the rack was stopped. Returns why that can't be recorded, or null.</summary>
    public Problem? Remove()
    {
        try
        {
            HomeFolder.MoveAside(home.DaemonState);
            File.Delete(home.DaemonState);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var reason = DiskProblems.From(refused, home.DaemonState)?.Message
                ?? $"'{home.DaemonState}' can't be removed: {refused.Message}";
            return new(
                ProblemCode.HomeNotWritable, $"{reason.TrimEnd('.')}, so the rack may start again with the next command.",
                Remedy.Do(Operation.StopRack, "Once it can be written, stop the rack again"));
        }
    }
}
