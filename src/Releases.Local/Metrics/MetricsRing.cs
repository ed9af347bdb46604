namespace Releases.Local;

/// <summary>
/// The file in which a rack keeps its minutes: a ring of records, of which the oldest makes room for the newest. Only the daemon writes;
/// anybody reads meanwhile, because half a record is recognized.
/// </summary>
internal sealed class MetricsRing(string file, int capacity = MetricsRing.Capacity) : IDisposable
{
    /// <summary>A day of 11 services, in 16 MiB; with more of them it reaches back less far.</summary>
    public const int Capacity = 16 * 1024;

    private const int RecordsPerRead = 256;

    private FileStream? _file;
    private long _next;

    /// <summary>Adds records; what is there of them after a crash is whole.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(IReadOnlyList<MinuteRecord> records)
    {
        if (records.Count == 0) return;
        _file ??= Open();
        var bytes = new byte[MinuteRecordFormat.Size];
        foreach (var record in records)
        {
            MinuteRecordFormat.Write(bytes, _next, record);
            RandomAccess.Write(_file.SafeFileHandle, bytes, _next % capacity * MinuteRecordFormat.Size);
            _next++;
        }
    }

    /// <summary>An app's records, not older than this, in no order; none where the file isn't there.</summary>
    public IReadOnlyList<MinuteRecord> Read(AppName app, DateTimeOffset since)
    {
        var found = new List<MinuteRecord>();
        if (!File.Exists(file)) return found;
        using var reading = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Each(reading, bytes =>
        {
            if (MinuteRecordFormat.Read(bytes, app, since) is { } record) found.Add(record);
        });
        return found;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Continues behind the newest record that is whole.</summary>
    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var opened = new FileStream(file, options);
        long newest = -1;
        Each(opened, bytes => newest = Math.Max(newest, MinuteRecordFormat.Sequence(bytes) ?? -1));
        _next = newest + 1;
        return opened;
    }

    private static void Each(FileStream file, Action<ReadOnlySpan<byte>> record)
    {
        var bytes = new byte[RecordsPerRead * MinuteRecordFormat.Size];
        for (long at = 0; ;)
        {
            var count = ReadWhole(file, bytes, at);
            for (var i = 0; i + MinuteRecordFormat.Size <= count; i += MinuteRecordFormat.Size)
                record(bytes.AsSpan(i, MinuteRecordFormat.Size));
            if (count < bytes.Length) return;
            at += count;
        }
    }

    private static int ReadWhole(FileStream file, byte[] bytes, long at)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(read), at + read) is > 0 and var count)
            read += count;
        return read;
    }
}
