namespace Releases.Local;

/// <summary>Measures the disk space of artifacts that no other artifact shares.</summary>
internal static class FreedBytes
{
    /// <summary>
    /// Returns the number of bytes that removing the artifacts frees. A stored file is removed once its only name is the one in
    /// <see cref="LocalHome.Files"/>; a file without such a name is the artifact's own.
    /// </summary>
    public static long Of(IEnumerable<string> artifacts)
    {
        var names = new Dictionary<ulong, (uint Names, uint Links, long Bytes)>();
        long unshared = 0;
        foreach (var folder in artifacts)
        {
            foreach (var file in FilesOf(folder))
            {
                if (FileStat.Of(file.FullName) is { } stat)
                    names[stat.Inode] = (names.GetValueOrDefault(stat.Inode).Names + 1, stat.Links, stat.Bytes);
                else if (file.Exists) unshared += file.Length;
            }
        }

        return unshared + names.Values.Where(f => f.Names + 1 >= f.Links).Sum(f => f.Bytes);
    }

    private static IReadOnlyList<FileInfo> FilesOf(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LinkTarget is null)];
        }
        catch (DirectoryNotFoundException)
        {
            // Another process has removed it, so its space is already free.
            return [];
        }
    }
}
