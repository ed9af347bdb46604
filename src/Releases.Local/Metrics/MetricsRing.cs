namespace Releases.Local;

/// <summary>
/// Stores a rack's minutes in a file: a ring of records in which the newest replaces the oldest. Only the daemon writes; anyone may read at
/// the same time, because partial records are recognized.
/// </summary>
internal sealed class MetricsRing(string file, int capacity = MetricsRing.Capacity) : IDisposable
{
    /// <summary>The number of records: a day of 11 services, in 16 MiB. With more services the ring reaches back less far.</summary>
    public const int Capacity = 16 * 1024;

    private const int RecordsPerRead = 256;

    private FileStream? _file;
    private long _next;

    /// <summary>Appends records. After a crash, each of them is either complete or ignored.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Append(IReadOnlyList<MinuteRecord> records)
    {
        if (records.Count == 0) return;
        if (_file is not null && !File.Exists(file) && Directory.Exists(Path.GetDirectoryName(file)))
        {
            // It was removed, not the whole home, and what is written to it would be lost with it.
            _file.Dispose();
            _file = null;
        }

        _file ??= Open();
        var bytes = new byte[MinuteRecordFormat.Size];
        foreach (var record in records)
        {
            MinuteRecordFormat.Write(bytes, _next, record);
            RandomAccess.Write(_file.SafeFileHandle, bytes, _next % capacity * MinuteRecordFormat.Size);
            _next++;
        }
    }

    /// <summary>Reads an app's records since a time, in no particular order; empty if the file doesn't exist.</summary>
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

    /// <summary>Opens the file, and continues after the newest complete record.</summary>
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
