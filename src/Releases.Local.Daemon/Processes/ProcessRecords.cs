using System.Text.Json;

namespace Releases.Local;

/// <summary>Represents what the daemon records about each process that it starts, so that its successor can end survivors.</summary>
/// <param name="Id">The name that the rack gave to it.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="StartedAt">Its start time, in clock ticks since boot.</param>
/// <param name="BootId">The id of the boot that both belong to.</param>
internal sealed record ProcessRecord(string Id, int ProcessId, long StartedAt, string BootId);

/// <summary>Stores these records, in one file each.</summary>
internal sealed class ProcessRecords(LocalHome home)
{
    public void Add(string id, int processId)
    {
        HomeFolder.CreatePrivate(home.Processes);
        var record = new ProcessRecord(id, processId, ProcessTable.Find(processId)?.StartedAt ?? 0, ProcessTable.BootId);
        File.WriteAllBytes(FileOf(id), JsonSerializer.SerializeToUtf8Bytes(record, DaemonJson.Default.ProcessRecord));
    }

    public void Remove(string id) => File.Delete(FileOf(id));

    /// <summary>Returns all records. One that a crash truncated is of a process that dies with the daemon anyway.</summary>
    public IReadOnlyList<ProcessRecord> All()
    {
        if (!Directory.Exists(home.Processes)) return [];
        var records = new List<ProcessRecord>();
        foreach (var file in Directory.GetFiles(home.Processes, "*.json"))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(file), DaemonJson.Default.ProcessRecord) is { Id: not null } record)
                    records.Add(record);
            }
            catch (JsonException)
            {
                File.Delete(file);
            }
        }

        return records;
    }

    private string FileOf(string id) => Path.Combine(home.Processes, id + ".json");
}
