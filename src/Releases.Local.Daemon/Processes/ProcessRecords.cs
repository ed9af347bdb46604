using System.Text.Json;

namespace Releases.Local;

/// <summary>What the daemon notes of each process that it starts, so that its successor can end what outlives it.</summary>
/// <param name="Id">The rack's name of it.</param>
/// <param name="ProcessId">Its number.</param>
/// <param name="StartedAt">Its start in ticks since the system's.</param>
/// <param name="BootId">The start of the system that both belong to.</param>
internal sealed record ProcessRecord(string Id, int ProcessId, long StartedAt, string BootId);

/// <summary>The records, a file each.</summary>
internal sealed class ProcessRecords(LocalHome home)
{
    public void Add(string id, int processId)
    {
        HomeFolder.CreatePrivate(home.Processes);
        var record = new ProcessRecord(id, processId, ProcessTable.Find(processId)?.StartedAt ?? 0, ProcessTable.BootId);
        File.WriteAllBytes(FileOf(id), JsonSerializer.SerializeToUtf8Bytes(record, DaemonJson.Default.ProcessRecord));
    }

    public void Remove(string id) => File.Delete(FileOf(id));

    /// <summary>Every record; one that a crash cut short is of a process that dies with the daemon anyway.</summary>
    public IReadOnlyList<ProcessRecord> All()
    {
        if (!Directory.Exists(home.Processes)) return [];
        var records = new List<ProcessRecord>();
        foreach (var file in Directory.GetFiles(home.Processes, "*.json"))
        {
            try
            {
                records.Add(JsonSerializer.Deserialize(File.ReadAllBytes(file), DaemonJson.Default.ProcessRecord)!);
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
