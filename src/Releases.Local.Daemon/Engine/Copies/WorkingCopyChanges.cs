using System.Globalization;

namespace Releases.Local;

/// <summary>Finds what processes wrote to a working copy: files that its artifact doesn't have, or that differ.</summary>
internal static class WorkingCopyChanges
{
    /// <summary>The maximum number of names in a message; a folder that the artifact doesn't have counts as one.</summary>
    private const int MaxNamed = 5;

    /// <summary>The maximum number of files to examine.</summary>
    private const int MaxFilesScanned = 100_000;

    /// <summary>Hidden files count; a folder that this user may not open counts as empty.</summary>
    private static readonly EnumerationOptions AllFiles = new() { AttributesToSkip = FileAttributes.None };

    /// <summary>Describes the changes, such as <c>app.db, uploads/ (412 files)</c>, or returns null if there are none.</summary>
    /// <param name="copy">The working copy.</param>
    /// <param name="original">The artifact's files; if they are unknown or gone, no changes are found.</param>
    public static string? Describe(string copy, string? original)
    {
        if (original is null || !Directory.Exists(original) || !Directory.Exists(copy)) return null;
        var budget = MaxFilesScanned;
        var found = Compare(new(copy), original, "", ref budget).ToList();
        if (found.Count == 0) return null;
        var names = found.OrderByDescending(f => f.Files).ThenBy(f => f.Path, StringComparer.Ordinal).Take(MaxNamed)
            .OrderBy(f => f.Path, StringComparer.Ordinal).Select(Text);
        var more = found.Count > MaxNamed ? $" and {(budget <= 0 ? "at least " : "")}{found.Count - MaxNamed} more" : "";
        return string.Join(", ", names) + more;
    }

    private static List<Left> Compare(DirectoryInfo copy, string original, string prefix, ref int budget)
    {
        var found = new List<Left>();
        foreach (var entry in copy.EnumerateFileSystemInfos("*", AllFiles))
        {
            if (--budget <= 0) break;
            var (path, before) = (prefix + entry.Name, Path.Combine(original, entry.Name));
            if (entry is FileInfo or { LinkTarget: not null })
            {
                if (!IsSame(entry, new FileInfo(before))) found.Add(new(path, 1, IsFolder: false));
            }
            else if (Directory.Exists(before)) found.AddRange(Compare((DirectoryInfo)entry, before, path + "/", ref budget));
            else if (Count((DirectoryInfo)entry, ref budget) is > 0 and var files) found.Add(new(path + "/", files, IsFolder: true));
        }

        return found;
    }

    private static int Count(DirectoryInfo folder, ref int budget)
    {
        var files = folder.EnumerateFiles("*", new EnumerationOptions
        { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Take(budget).Count();
        budget -= files;
        return files;
    }

    /// <summary>
    /// Determines whether a file is unchanged. A copy has the timestamp of the original until a process writes to it. If the artifact has
    /// been converted since, the original's timestamp may differ, and the content decides.
    /// </summary>
    private static bool IsSame(FileSystemInfo now, FileInfo before) => now.LinkTarget is not null || before.LinkTarget is not null
        ? now.LinkTarget == before.LinkTarget
        : before.Exists && ((FileInfo)now).Length == before.Length
            && (now.LastWriteTimeUtc == before.LastWriteTimeUtc || HasSameContent(now.FullName, before.FullName));

    private static bool HasSameContent(string one, string other)
    {
        try
        {
            return ContentDigest.Of(one, CancellationToken.None) == ContentDigest.Of(other, CancellationToken.None);
        }
        catch (Exception changed) when (changed is IOException or UnauthorizedAccessException)
        {
            // The process has removed it meanwhile, or this user may not read what it wrote.
            return false;
        }
    }

    private static string Text(Left left) =>
        left.IsFolder ? string.Create(CultureInfo.InvariantCulture,
            $"{left.Path} ({left.Files:N0} {(left.Files == 1 ? "file" : "files")})") : left.Path;

    private readonly record struct Left(string Path, int Files, bool IsFolder);
}
