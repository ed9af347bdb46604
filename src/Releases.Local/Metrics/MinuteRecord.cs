namespace Releases.Local;

/// <summary>What one release of a service served and used in one minute, or in the part of it that a daemon saw.</summary>
/// <param name="Minute">When the minute began.</param>
/// <param name="Service">The service.</param>
/// <param name="Release">The release.</param>
/// <param name="Traffic">Its requests.</param>
/// <param name="Processes">How many processes it had at the end.</param>
/// <param name="Cpu">The processor time that they used.</param>
/// <param name="MemoryBytes">Their resident memory at the end.</param>
internal sealed record MinuteRecord(
    DateTimeOffset Minute, ServiceKey Service, ReleaseId Release, TrafficCounts Traffic, int Processes, TimeSpan Cpu, long MemoryBytes)
{
    /// <summary>The begin of the minute in which something is.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    /// <summary>With a later part of the same minute, as of a daemon's successor.</summary>
    public MinuteRecord With(MinuteRecord later) => later with { Traffic = Traffic.With(later.Traffic), Cpu = Cpu + later.Cpu };
}
