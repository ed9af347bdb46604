using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// Manages copies of the tool in the home, from which daemons run: an update of the tool deletes the folder of the old version, even while
/// it is running.
/// </summary>
internal sealed class ToolCopy(LocalHome home, ToolCommand tool, TimeProvider time)
{
    private const string Unfinished = ".tmp";

    /// <summary>A period longer than it takes to make a copy or start a daemon.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    /// <summary>Returns the command that starts the copy, which is created if it doesn't exist.</summary>
    public ToolCommand Make()
    {
        var folder = Path.Combine(home.Tools, $"{ToolVersion.Text}-{Fingerprint()}");
        if (Directory.Exists(folder)) Directory.SetLastWriteTimeUtc(folder, time.GetUtcNow().UtcDateTime);
        else Copy(folder);
        return tool.In(folder);
    }

    /// <summary>Gets the command of the copy from which a daemon last started, under a name that stays the same across updates.</summary>
    public ToolCommand Latest => tool.In(Link);

    private string Link => Path.Combine(home.Tools, "latest");

    /// <summary>
    /// Makes the running copy the latest and removes the others. The daemon calls this when no other daemon is running from a copy. A tool
    /// of another version may just be starting one, which will find this daemon.
    /// </summary>
    /// <param name="report">Receives copies that can't be removed now, which the next daemon tries again.</param>
    public void BecomeLatest(Action<string> report)
    {
        if (!IsInHome()) return;
        var mine = Path.GetFileName(tool.Folder);
        foreach (var copy in new DirectoryInfo(home.Tools).GetDirectories())
            if (copy.Name != mine && copy.LinkTarget is null && !IsInUse(copy)) Remove(copy, report);
        PointLatest(mine);
    }

    /// <summary>Makes a copy the latest, which systemd starts. No daemon is running.</summary>
    public void MakeLatest(ToolCommand made) => PointLatest(Path.GetFileName(made.Folder));

    private void PointLatest(string name)
    {
        // Replace the link atomically, because systemd may start its target at any moment.
        var next = Link + Unfinished;
        File.Delete(next);
        Directory.CreateSymbolicLink(next, Path.Combine(home.Tools, name));
        if (NativeProcess.rename(next, Link) != 0)
            throw new IOException($"{Link} can't be replaced: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>
    /// Determines whether the running tool is a copy in the home. The system resolves links in the path of a running program, and the home
    /// may be named by a link.
    /// </summary>
    private bool IsInHome()
    {
        if (!Directory.Exists(home.Tools) || Path.GetDirectoryName(tool.Folder) is not { } parent) return false;
        // With the dot, a link is followed.
        return FileStat.Of(Path.Combine(home.Tools, ".")) is { } tools
            ? FileStat.IsSame(tools, FileStat.Of(Path.Combine(parent, ".")))
            : parent == Path.GetFullPath(home.Tools);
    }

    private static void Remove(DirectoryInfo copy, Action<string> report)
    {
        var folder = copy.FullName;
        try
        {
            if (copy.Extension != Unfinished)
            {
                // What is left of a copy of which only a part can be removed must not have the name of a whole one.
                var aside = $"{folder}.{Guid.NewGuid():n}{Unfinished}";
                Directory.Move(folder, aside);
                folder = aside;
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            report($"the old copy of the tool in {folder} can't be removed: {FailureReason.Of(refused)}");
        }
    }

    private bool IsInUse(DirectoryInfo copy) => time.GetUtcNow() - copy.LastWriteTimeUtc < InUse;

    /// <summary>Copies the tool under another name and renames it, so that a copy is either complete or absent.</summary>
    private void Copy(string folder)
    {
        var unfinished = $"{folder}.{Guid.NewGuid():n}{Unfinished}";
        HomeFolder.CreatePrivate(unfinished);
        try
        {
            foreach (var file in tool.Files())
            {
                var target = Path.Combine(unfinished, Path.GetRelativePath(tool.Folder, file.FullName));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target);
            }

            // A copy that a power failure leaves with empty files would never be made again.
            DiskFlush.Content(unfinished);
            Directory.Move(unfinished, folder);
            AtomicFile.FlushFolder(home.Tools);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another command made the same copy first.
            Directory.Delete(unfinished, recursive: true);
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Tools) is { } problem)
        {
            // Delete the partial copy, which would use up the remaining space.
            Directory.Delete(unfinished, recursive: true);
            throw problem.ToException(refused);
        }
    }

    /// <summary>Returns a hash of names, sizes and times, so that a rebuilt tool of the same version gets another copy.</summary>
    private string Fingerprint()
    {
        var files = tool.Files().OrderBy(f => f.FullName, StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(tool.Folder, f.FullName)} {f.Length} {f.LastWriteTimeUtc.Ticks}\n");
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(files))))[..12];
    }
}
