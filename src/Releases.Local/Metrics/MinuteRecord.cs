namespace Releases.Local;

/// <summary>
/// Represents the traffic and resource usage of one release of a service in one minute, or in the part of it that a daemon observed.
/// </summary>
/// <param name="Minute">The start of the minute.</param>
/// <param name="Service">The service.</param>
/// <param name="Release">The release.</param>
/// <param name="Traffic">The requests.</param>
/// <param name="Processes">The number of processes at the end.</param>
/// <param name="Cpu">The processor time used.</param>
/// <param name="MemoryBytes">The resident memory at the end, in bytes.</param>
internal sealed record MinuteRecord(
    DateTimeOffset Minute, ServiceKey Service, ReleaseId Release, TrafficCounts Traffic, int Processes, TimeSpan Cpu, long MemoryBytes)
{
    /// <summary>Returns the start of the minute that contains a time.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    /// <summary>Combines this record with a later part of the same minute, such as that of the daemon's successor.</summary>
    public MinuteRecord With(MinuteRecord later) => later with { Traffic = Traffic.With(later.Traffic), Cpu = Cpu + later.Cpu };
}
