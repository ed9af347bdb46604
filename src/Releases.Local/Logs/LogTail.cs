using System.Text;

namespace Releases.Local;

/// <summary>Reads a log file as it grows, whole lines only, and goes on with its successor when it is rotated away.</summary>
internal sealed class LogTail(string path, ServiceName service) : IDisposable
{
    private readonly List<byte> _partial = [];
    private FileStream? _file;

    /// <summary>The lines that have come since the last call.</summary>
    public IEnumerable<LogLine> Read()
    {
        while (true)
        {
            _file ??= Open(path);
            if (_file is null) yield break;
            foreach (var line in ReadOpen(_file)) yield return line;
            if (!WasRotated(_file)) yield break;
            // What was still written to it between the last read and its renaming.
            foreach (var line in ReadOpen(_file)) yield return line;
            _file.Dispose();
            _file = null;
            _partial.Clear();
        }
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<LogLine> ReadOpen(FileStream file)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
            foreach (var at in buffer.Take(read))
            {
                if (at != (byte)'\n')
                {
                    _partial.Add(at);
                    continue;
                }

                var line = LogFile.Parse(service, Encoding.UTF8.GetString([.. _partial]));
                _partial.Clear();
                if (line is not null) yield return line;
            }
    }

    /// <summary>A renamed file keeps its length; what stands under its name now begins anew.</summary>
    private bool WasRotated(FileStream file) => new FileInfo(path) is { Exists: true } now && now.Length < file.Position;

    private static FileStream? Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
