using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Releases.Local;

/// <summary>
/// Reads and writes a <see cref="MinuteRecord"/> as 1024 bytes, little-endian. The checksum covers everything after it, so a partially
/// written record isn't valid. Unused bytes are 0.
/// </summary>
internal static class MinuteRecordFormat
{
    public const int Size = 1024;

    private const int NameSize = 40;
    private const int ReleaseSize = 12;

    /// <summary>The first bytes of a record, which identify this layout.</summary>
    private static ReadOnlySpan<byte> Magic => "CXM1"u8;

    /// <summary>The offsets of the fields.</summary>
    private static class At
    {
        public const int Checksum = 4;
        public const int Sequence = 8;
        public const int Minute = 16;
        public const int Requests = 24;
        public const int ServerErrors = 32;
        public const int Failed = 40;
        public const int BytesIn = 48;
        public const int BytesOut = 56;
        public const int Cpu = 64;
        public const int Memory = 72;
        public const int Processes = 80;
        public const int Release = 88;
        public const int App = Release + ReleaseSize;
        public const int Service = App + NameSize;
        public const int Latencies = 184;
    }

    public static void Write(Span<byte> to, long sequence, MinuteRecord record)
    {
        to.Clear();
        Magic.CopyTo(to);
        Write(to, At.Sequence, sequence);
        Write(to, At.Minute, record.Minute.ToUnixTimeSeconds());
        Write(to, At.Requests, record.Traffic.Requests);
        Write(to, At.ServerErrors, record.Traffic.ServerErrors);
        Write(to, At.Failed, record.Traffic.Failed);
        Write(to, At.BytesIn, record.Traffic.BytesIn);
        Write(to, At.BytesOut, record.Traffic.BytesOut);
        Write(to, At.Cpu, record.Cpu.Ticks);
        Write(to, At.Memory, record.MemoryBytes);
        BinaryPrimitives.WriteInt32LittleEndian(to[At.Processes..], record.Processes);
        Encoding.ASCII.GetBytes(record.Release.ToString(), to.Slice(At.Release, ReleaseSize));
        Encoding.ASCII.GetBytes(record.Service.App.ToString(), to.Slice(At.App, NameSize));
        Encoding.ASCII.GetBytes(record.Service.Service.ToString(), to.Slice(At.Service, NameSize));
        for (var i = 0; i < LatencyHistogram.Classes; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(to[(At.Latencies + (i * sizeof(uint)))..],
                uint.CreateSaturating(record.Traffic.Latencies.Counts[i]));
        BinaryPrimitives.WriteUInt32LittleEndian(to[At.Checksum..], Checksum(to));
    }

    /// <summary>Returns the sequence number of a record, or null if the bytes aren't a complete record.</summary>
    public static long? Sequence(ReadOnlySpan<byte> bytes) => IsWhole(bytes) ? Read(bytes, At.Sequence) : null;

    /// <summary>Returns the record if it is complete, of this app and not older than the given time; otherwise null.</summary>
    public static MinuteRecord? Read(ReadOnlySpan<byte> bytes, AppName app, DateTimeOffset since)
    {
        // Check the checksum last, because most records belong to other apps or are too old.
        if (!bytes.StartsWith(Magic) || Read(bytes, At.Minute) < since.ToUnixTimeSeconds()
            || Text(bytes.Slice(At.App, NameSize)) != app.ToString()
            || !IsWhole(bytes))
            return null;
        var latencies = new long[LatencyHistogram.Classes];
        for (var i = 0; i < latencies.Length; i++)
            latencies[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(At.Latencies + (i * sizeof(uint)))..]);
        var traffic = new TrafficCounts(
            Read(bytes, At.Requests), Read(bytes, At.ServerErrors), Read(bytes, At.Failed), Read(bytes, At.BytesIn),
            Read(bytes, At.BytesOut),
            new([.. latencies]));
        return new(
            DateTimeOffset.FromUnixTimeSeconds(Read(bytes, At.Minute)),
            new(app, ServiceName.Parse(Text(bytes.Slice(At.Service, NameSize)))),
            ReleaseId.Parse(Text(bytes.Slice(At.Release, ReleaseSize))), traffic,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[At.Processes..]),
            TimeSpan.FromTicks(Read(bytes, At.Cpu)), Read(bytes, At.Memory));
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[At.Checksum..]) == Checksum(bytes);

    private static uint Checksum(ReadOnlySpan<byte> record)
    {
        var crc = uint.MaxValue;
        for (var rest = record[At.Sequence..Size]; rest.Length > 0; rest = rest[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        return ~crc;
    }

    private static string Text(ReadOnlySpan<byte> padded) => Encoding.ASCII.GetString(padded.TrimEnd((byte)0));

    private static long Read(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static void Write(Span<byte> to, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(to[at..], value);
}
