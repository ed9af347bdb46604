using System.Diagnostics;
using Xunit;

namespace Releases.Testing;

/// <summary>A disk of its own in memory, as small as it is asked for. Only root can make one; otherwise the test is skipped.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disk-");

    public SmallDisk(int kibibytes)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", Path)) return;
        _folder.Delete();
        Assert.Skip("A disk of its own can only be mounted by root on Linux.");
    }

    public string Path => _folder.FullName;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Waits for whoever has still a file open for writing, such as a daemon that is about to be gone.</summary>
    public void MakeReadOnly() => Assert.True(SpinWait.SpinUntil(() => Run("mount", "-o", "remount,ro", Path), Patience.Limit));

    /// <summary>Mounts it again so that no program on it can be executed.</summary>
    public void ForbidPrograms() => Assert.True(Run("mount", "-o", "remount,noexec", Path));

    /// <summary>Mounts a folder in another place, which then can't be deleted.</summary>
    public static bool Bind(string folder, string place) => Run("mount", "--bind", folder, place);

    /// <summary>Makes such a mount read-only; what was opened before it was made can still be written.</summary>
    public static bool MakePlaceReadOnly(string place) => Run("mount", "-o", "remount,bind,ro", place);

    /// <summary>Removes such a mount.</summary>
    public static void Unbind(string place) => Run("umount", "-l", place);

    /// <summary>Leaves no more than this many bytes free.</summary>
    public void Fill(long leave)
    {
        using var filler = File.Create(Filler);
        var block = new byte[4096];
        while (new DriveInfo(Path).AvailableFreeSpace - block.Length >= leave)
        {
            filler.Write(block);
            filler.Flush();
        }
    }

    /// <summary>Frees what was filled.</summary>
    public void Empty() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Delete();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
