using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>Represents the files, links and empty folders of a folder, in the order in which they are hashed.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Entries">The entries, in ordinal order of their paths.</param>
internal sealed record PublishFolder(string Root, IReadOnlyList<PublishEntry> Entries)
{
    /// <summary>Gets the total size of the files, in bytes.</summary>
    public long Bytes => Entries.Sum(e => e.Bytes);

    /// <summary>Returns the folder with the digests of all files. Files that the cache knows aren't read.</summary>
    public PublishFolder Hashed(DigestCache? cache, CancellationToken cancel)
    {
        var hashed = Entries.ToArray();
        ParallelFiles.For(hashed.Length, i =>
        {
            var entry = hashed[i];
            if (!entry.IsFile) return;
            var (sha256, bytes) = cache?.Known(entry) is { } known
                ? (known, entry.Bytes) : Readable(entry.Path, () => ContentDigest.Read(Full(entry), cancel));
            hashed[i] = entry with { Sha256 = sha256, Bytes = bytes };
        }, cancel);
        return this with { Entries = hashed };
    }

    /// <summary>
    /// Returns the digest of the folder, which has to be <see cref="Hashed"/>: <c>sha256:</c> and the SHA-256, in hex, over one line per
    /// entry. A line has <c>file</c> or <c>exec</c>, the path and the SHA-256 of the content in hex for a file; <c>link</c>, the path and
    /// the target for a link; and <c>folder</c>, the path and an empty text for an empty folder. The parts are separated by NUL, and lines
    /// end with a line feed, in UTF-8.
    /// </summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in Entries)
        {
            var (kind, content) = entry switch
            {
                { IsEmptyFolder: true } => ("folder", ""),
                { Target: { } target } => ("link", target),
                { Executable: true } => ("exec", entry.Sha256!),
                _ => ("file", entry.Sha256!),
            };
            hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{entry.Path}\0{content}\n"));
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns the full path of an entry.</summary>
    public string Full(PublishEntry entry) => Path.Combine(Root, entry.Path);

    /// <summary>
    /// Reads the entries of a folder. Fails for a link that leads out of it, and for anything that can't be read or isn't a file, because a
    /// release would lack it.
    /// </summary>
    public static PublishFolder Read(string root)
    {
        var entries = new List<PublishEntry>();
        Add(new DirectoryInfo(root), "");
        return new(root, [.. entries.OrderBy(e => e.Path, StringComparer.Ordinal)]);

        void Add(DirectoryInfo folder, string prefix)
        {
            foreach (var found in Readable(prefix, () => folder.GetFileSystemInfos()))
            {
                var path = prefix + found.Name;
                if (found.LinkTarget is { } target) entries.Add(Link(root, path, target));
                else if (found is DirectoryInfo inner) AddFolder(inner, path);
                else entries.Add(Readable(path, () => PublishEntry.Of((FileInfo)found, path)));
            }
        }

        void AddFolder(DirectoryInfo folder, string path)
        {
            var before = entries.Count;
            Add(folder, path + "/");
            if (entries.Count == before) entries.Add(new(path, false, 0, null) { IsEmptyFolder = true });
        }
    }

    private static T Readable<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            var why = unreadable is UnauthorizedAccessException ? "that this user can't read"
                : "that was removed meanwhile, or whose name isn't UTF-8";
            throw Incomplete(
                $"has a file '{path}' {why}", "Make it readable, or leave it out of the output, and publish again.")
                .ToException(unreadable);
        }
    }

    private static PublishEntry Link(string root, string path, string target)
    {
        var top = Path.GetFullPath(root) + Path.DirectorySeparatorChar;
        var at = Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(path)!, target));
        if (Path.IsPathRooted(target) || !at.StartsWith(top, StringComparison.Ordinal))
        {
            throw Incomplete(
                $"has a link '{path}' to '{target}', outside the output", "Publish a copy of the file instead of the link.").ToException();
        }

        return new(path, false, 0, target);
    }

    internal static Problem Incomplete(string what, string remedy) =>
        new(ProblemCode.NoPublishOutput, $"the publish output {what}, so it isn't complete.", remedy, Unchanged: Problem.NothingWasStored);
}
