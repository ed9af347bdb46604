using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>The files, links and empty folders of a folder, in the order of the hash over them.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Entries">Sorted by path, by ordinal.</param>
internal sealed record PublishFolder(string Root, IReadOnlyList<PublishEntry> Entries)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The size of all files.</summary>
    public long Bytes => Entries.Sum(e => e.Bytes);

    /// <summary>Looks at a folder; a link that leaves it is refused.</summary>
    public static PublishFolder Read(string root)
    {
        var entries = new List<PublishEntry>();
        Add(new DirectoryInfo(root), "");
        return new(root, [.. entries.OrderBy(e => e.Path, StringComparer.Ordinal)]);

        void Add(DirectoryInfo folder, string prefix)
        {
            foreach (var found in folder.EnumerateFileSystemInfos())
            {
                var path = prefix + found.Name;
                if (found.LinkTarget is { } target) entries.Add(Link(root, path, target));
                else if (found is DirectoryInfo inner) AddFolder(inner, path);
                else entries.Add(new(path, IsExecutable(found), ((FileInfo)found).Length, null));
            }
        }

        void AddFolder(DirectoryInfo folder, string path)
        {
            var before = entries.Count;
            Add(folder, path + "/");
            if (entries.Count == before) entries.Add(new(path, false, 0, null) { IsEmptyFolder = true });
        }
    }

    /// <summary>
    /// <c>sha256:</c> and the SHA-256, in hex, over one line per entry: for a file <c>file</c> or <c>exec</c>, its path and
    /// the SHA-256 of its content in hex; for a link <c>link</c>, its path and its target; for a folder with nothing in it
    /// <c>folder</c>, its path and nothing; separated by NUL, ended by a line feed, UTF-8.
    /// </summary>
    public async Task<string> Digest(CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in Entries)
        {
            var (kind, content) = entry switch
            {
                { IsEmptyFolder: true } => ("folder", ""),
                { Target: { } target } => ("link", target),
                { Executable: true } => ("exec", await Hash(entry, cancel)),
                _ => ("file", await Hash(entry, cancel)),
            };
            hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{entry.Path}\0{content}\n"));
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Makes the same entries under another folder; <paramref name="writable"/> by the owner, or read-only for everybody.
    /// </summary>
    public void CopyTo(string folder, bool writable, CancellationToken cancel)
    {
        foreach (var entry in Entries)
        {
            cancel.ThrowIfCancellationRequested();
            var copy = Path.Combine(folder, entry.Path);
            if (entry.IsEmptyFolder)
            {
                Directory.CreateDirectory(copy);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (entry.Target is { } target) File.CreateSymbolicLink(copy, target);
            else File.Copy(Full(entry), copy);
            if (entry.Target is null) SetMode(copy, entry.Executable, writable);
        }
    }

    private string Full(PublishEntry entry) => Path.Combine(Root, entry.Path);

    private async Task<string> Hash(PublishEntry entry, CancellationToken cancel)
    {
        await using var file = File.OpenRead(Full(entry));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }

    private static bool IsExecutable(FileSystemInfo file) => !OperatingSystem.IsWindows() && (file.UnixFileMode & Executable) != 0;

    private static void SetMode(string file, bool executable, bool writable)
    {
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(file, writable ? FileAttributes.Normal : FileAttributes.ReadOnly);
            return;
        }

        var mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (writable) mode |= UnixFileMode.UserWrite;
        if (executable) mode |= Executable;
        File.SetUnixFileMode(file, mode);
    }

    private static PublishEntry Link(string root, string path, string target)
    {
        var top = Path.GetFullPath(root) + Path.DirectorySeparatorChar;
        var at = Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(path)!, target));
        if (Path.IsPathRooted(target) || !at.StartsWith(top, StringComparison.Ordinal))
        {
            throw new Problem(
                ProblemCode.NoPublishOutput,
                $"the publish output has a link '{path}' to '{target}', outside the output, so it isn't complete. Nothing was stored.",
                "Publish a copy of the file instead of the link.").ToException();
        }

        return new(path, false, 0, target);
    }
}

/// <summary>A file, a link or an empty folder.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Executable">Whether anybody may execute the file.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Target">Where a link points to; null for a file.</param>
internal sealed record PublishEntry(string Path, bool Executable, long Bytes, string? Target)
{
    /// <summary>A folder with nothing in it, which an app may write to.</summary>
    public bool IsEmptyFolder { get; init; }
}
