using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// The tool's own files kept in the home, which daemons run from: an update of the tool deletes its own folder under
/// whatever runs from it.
/// </summary>
internal sealed class ToolCopy(LocalHome home, ToolCommand tool, TimeProvider time)
{
    private const string Unfinished = ".tmp";

    /// <summary>Longer than a daemon takes to start, or a copy to be made.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    /// <summary>The command that starts the copy, created if it doesn't exist.</summary>
    public ToolCommand Make()
    {
        var folder = Path.Combine(home.Tools, $"{ToolVersion.Text}-{Fingerprint()}");
        if (Directory.Exists(folder)) Directory.SetLastWriteTimeUtc(folder, time.GetUtcNow().UtcDateTime);
        else Copy(folder);
        return tool.In(folder);
    }

    /// <summary>The copy that a daemon was last started from, under a name that stays when the tool is updated.</summary>
    public ToolCommand Latest => tool.In(Link);

    private string Link => Path.Combine(home.Tools, "latest");

    /// <summary>
    /// Makes the copy that runs now the latest and removes the others; called by the daemon, when no other runs from a
    /// copy. But a tool of another version may be about to start one at this moment, to find that there is one.
    /// </summary>
    public void BecomeLatest()
    {
        var mine = new DirectoryInfo(tool.Folder);
        if (!Directory.Exists(home.Tools) || mine.Parent?.FullName != Path.GetFullPath(home.Tools)) return;
        foreach (var copy in mine.Parent.GetDirectories().Where(f => f.FullName != mine.FullName && f.LinkTarget is null && !IsInUse(f)))
            copy.Delete(recursive: true);
        // In one step: the system may start what it leads to at any moment.
        var next = Link + Unfinished;
        File.Delete(next);
        Directory.CreateSymbolicLink(next, mine.FullName);
        if (NativeProcess.rename(next, Link) != 0)
            throw new IOException($"{Link} can't be replaced: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private bool IsInUse(DirectoryInfo copy) => time.GetUtcNow() - copy.LastWriteTimeUtc < InUse;

    /// <summary>Written under another name and renamed, so that a copy is complete or absent.</summary>
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

            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another command was first; its copy is the same.
            Directory.Delete(unfinished, recursive: true);
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Tools) is { } problem)
        {
            // The rest of it would use up the space that is left.
            Directory.Delete(unfinished, recursive: true);
            throw problem.ToException(refused);
        }
    }

    /// <summary>By names, sizes and times: a rebuilt tool of the same version is another one.</summary>
    private string Fingerprint()
    {
        var files = tool.Files().OrderBy(f => f.FullName, StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(tool.Folder, f.FullName)} {f.Length} {f.LastWriteTimeUtc.Ticks}\n");
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(files))))[..12];
    }
}
