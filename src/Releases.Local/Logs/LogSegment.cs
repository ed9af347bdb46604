using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Releases.Local;

/// <summary>Represents one file of a log, which stays open when it is renamed. Only complete lines are read.</summary>
internal sealed class LogSegment : IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private const int HeadBytes = 64;

    /// <summary>The length from which the first line's time is complete.</summary>
    private const int MinHeadBytes = 25;

    private readonly SafeFileHandle _file;
    private readonly ServiceName _service;
    private long _position;

    private LogSegment(SafeFileHandle file, string head, ServiceName service) => (_file, Head, _service) = (file, head, service);

    /// <summary>
    /// Gets the first bytes of the file, up to a maximum. They identify the file, since no two files of a service begin in the same
    /// millisecond, and their ordinal order tells which is newer, because lines begin with their time.
    /// </summary>
    public string Head { get; }

    /// <summary>Opens a file, or returns null if it doesn't exist or has no line.</summary>
    public static LogSegment? Open(string path, ServiceName service)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        LogSegment? opened = null;
        try
        {
            var head = new byte[HeadBytes];
            var length = RandomAccess.Read(file, head, 0);
            if (length >= MinHeadBytes) opened = new(file, Encoding.Latin1.GetString(head, 0, length).TrimStart('\n'), service);
            return opened;
        }
        finally
        {
            if (opened is null) file.Dispose();
        }
    }

    /// <summary>Determines whether both are the same file, one of which may have been opened when it was shorter.</summary>
    public bool Is(LogSegment other) =>
        Head.StartsWith(other.Head, StringComparison.Ordinal) || other.Head.StartsWith(Head, StringComparison.Ordinal);

    /// <summary>Gets whether there is more to read.</summary>
    public bool HasMore => RandomAccess.GetLength(_file) > _position;

    /// <summary>Determines whether a file of this length may be this one without new content.</summary>
    public bool MayEndAt(long length) => length == _position;

    /// <summary>Reads the lines from the position to the end, and moves the position past the last line that was taken.</summary>
    public IEnumerable<LogLine> Read()
    {
        if (!HasMore) yield break;
        var (buffer, filled) = (new byte[BlockBytes], 0);
        for (int read; (read = RandomAccess.Read(_file, buffer.AsSpan(filled), _position + filled)) > 0;)
        {
            filled += read;
            var from = 0;
            for (int length; (length = buffer.AsSpan(from, filled - from).IndexOf((byte)'\n')) >= 0; from += length + 1)
            {
                _position += length + 1;
                if (Line(buffer.AsSpan(from, length)) is { } line) yield return line;
            }

            filled -= from;
            buffer.AsSpan(from, filled).CopyTo(buffer);
            if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
        }
    }

    /// <summary>Reads the lines before the position, last one first, without moving the position.</summary>
    public IEnumerable<LogLine> ReadBack()
    {
        var (start, buffer, filled) = (_position, Array.Empty<byte>(), 0);
        while (start > 0 || filled > 0)
        {
            // Skip the line feed that ends the line.
            var before = filled == 0 ? -1 : buffer.AsSpan(0, filled - 1).LastIndexOf((byte)'\n');
            if (before < 0 && start > 0)
            {
                var earlier = Before(start);
                start -= earlier.Length;
                (buffer, filled) = ([.. earlier, .. buffer.AsSpan(0, filled)], earlier.Length + filled);
                continue;
            }

            var line = Line(buffer.AsSpan(before + 1, filled - before - 2));
            filled = before + 1;
            if (line is not null) yield return line;
        }
    }

    /// <summary>Moves the position to the end of the last complete line.</summary>
    public void SkipToEnd()
    {
        _position = RandomAccess.GetLength(_file);
        while (_position > 0)
        {
            var block = Before(_position);
            var end = block.AsSpan().LastIndexOf((byte)'\n');
            _position -= block.Length - (end + 1);
            if (end >= 0) return;
        }
    }

    public void Dispose() => _file.Dispose();

    private LogLine? Line(ReadOnlySpan<byte> bytes) => LogFile.Parse(_service, Encoding.UTF8.GetString(bytes));

    private byte[] Before(long end)
    {
        var block = new byte[Math.Min(BlockBytes, end)];
        for (int filled = 0, read; filled < block.Length; filled += read)
        {
            read = RandomAccess.Read(_file, block.AsSpan(filled), end - block.Length + filled);
            if (read == 0) throw new EndOfStreamException($"A log of {_service} was cut short while it was read.");
        }

        return block;
    }
}
