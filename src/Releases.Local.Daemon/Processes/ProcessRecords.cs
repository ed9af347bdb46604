using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>Represents what the daemon records about each process that it starts, so that its successor can end survivors.</summary>
/// <param name="Id">The name that the rack gave to it.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="StartedAt">Its start time, in clock ticks since boot.</param>
/// <param name="BootId">The id of the boot that both belong to.</param>
internal sealed record ProcessRecord(string Id, int ProcessId, long StartedAt, string BootId)
{
    /// <summary>Gets whether more than its name is known.</summary>
    [JsonIgnore]
    public bool IsWhole => ProcessId > 0;
}

/// <summary>Stores these records, in one file each.</summary>
internal sealed class ProcessRecords(LocalHome home)
{
    /// <summary>Records a process, and returns its start time, or null if the system doesn't show it.</summary>
    public long? Add(string id, int processId)
    {
        HomeFolder.CreatePrivate(home.Processes);
        var startedAt = ProcessTable.Find(processId)?.StartedAt;
        var record = new ProcessRecord(id, processId, startedAt ?? 0, ProcessTable.BootId);
        File.WriteAllBytes(FileOf(id), JsonSerializer.SerializeToUtf8Bytes(record, DaemonJson.Default.ProcessRecord));
        return startedAt;
    }

    public void Remove(string id) => File.Delete(FileOf(id));

    /// <summary>
    /// Removes all records, whose processes may be running. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public void Clear()
    {
        try
        {
            foreach (var record in All()) Remove(record.Id);
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Processes) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Returns all records.</summary>
    public IReadOnlyList<ProcessRecord> All() =>
        Directory.Exists(home.Processes) ? [.. Directory.GetFiles(home.Processes, "*.json").Select(Read)] : [];

    /// <summary>
    /// Reads a record. Of one that a crash truncated, only the name is known, which its file has. The process itself dies with the daemon,
    /// and what it left in the background is found by its name.
    /// </summary>
    private static ProcessRecord Read(string file)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(file), DaemonJson.Default.ProcessRecord) is { Id: not null } record)
                return record;
        }
        catch (JsonException)
        {
        }

        return new(Path.GetFileNameWithoutExtension(file), 0, 0, "");
    }

    private string FileOf(string id) => Path.Combine(home.Processes, id + ".json");
}
