using Releases.Local;

namespace Releases.Tool;

/// <summary>
/// A temporary folder that only its user can open. It is gone when it is disposed; what a program that was killed left is removed
/// by the next one that asks for it.
/// </summary>
internal sealed class HeldFolder : IDisposable
{
    /// <summary>Of folders in memory, for text that must not touch a disk.</summary>
    public const string Edit = "convox-edit-";

    /// <summary>Of folders through which the tool and MSBuild speak.</summary>
    public const string Build = "convox-build-";

    /// <summary>Of folders with what the browser is started with.</summary>
    public const string SignIn = "convox-console-";

    private const string LockName = ".lock";
    private const int MaxDeleteAttempts = 5;
    private const int MaxMakeAttempts = 5;

    /// <summary>Nobody takes longer to make one and lock it.</summary>
    private static readonly TimeSpan MaxCreationTime = TimeSpan.FromMinutes(10);

    private readonly FileStream _lock;

    private HeldFolder(string path)
    {
        Path = path;
        _lock = Held(path, FileMode.CreateNew, FileShare.Delete);
    }

    public string Path { get; }

    /// <summary>Makes one below the first of these folders in which this user can. Fails with
    /// <see cref="ProblemCode.TemporaryFolder"/>.</summary>
    public static HeldFolder Make(IEnumerable<string> parents, string prefix)
    {
        Exception? refused = null;
        var last = "";
        foreach (var parent in parents)
        {
            last = parent;
            try
            {
                if (Directory.Exists(parent)) return MakePrivate(parent, prefix);
            }
            catch (Exception notThere) when (notThere is IOException or UnauthorizedAccessException)
            {
                // Such as the memory of the user that this one was before su. The next one may do; what is wrong with the last one is
                // reported.
                refused = notThere;
            }
        }

        throw NoFolder(last, refused).ToException(refused);
    }

    private static Problem NoFolder(
        string parent, Exception? refused) => refused is not null
            && DiskProblems.From(refused, parent) is { Code: ProblemCode.DiskFull } full ? full : new(
        ProblemCode.TemporaryFolder,
        $"the folder for temporary files, {parent}, "
            + $"{(refused is null ? "isn't there" : $"takes no files: {refused.Message.TrimEnd('.')}")}; nothing was changed.",
        "Make it, or unset TMPDIR.");

    /// <summary>Where the system keeps files in memory; the last is on a disk, for systems without.</summary>
    public static IEnumerable<string> Memory(Func<string, string?> variable)
    {
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return runtime;
        yield return "/dev/shm";
        yield return System.IO.Path.GetTempPath();
    }

    /// <summary>Removes what programs of this user that are gone have left.</summary>
    public static void Sweep(IEnumerable<string> parents, string prefix, TimeProvider time)
    {
        foreach (var parent in parents.Where(Directory.Exists))
        {
            try
            {
                foreach (var left in Directory.GetDirectories(parent, prefix + "*").Where(FolderOwner.IsThisUser)) SweepOne(left, time);
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's, such as the one that this one was before su.
            }
        }
    }

    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
    }

    /// <summary>A sweep may take the lock file of a new folder after it was created and before it is locked: then another one is
    /// made.</summary>
    private static HeldFolder MakePrivate(string parent, string prefix)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return MakePrivate(System.IO.Path.Combine(parent, prefix + Guid.NewGuid().ToString("N")));
            }
            catch (IOException) when (tried < MaxMakeAttempts)
            {
                // What is wrong with the folder itself is reported by the last attempt.
            }
        }
    }

    private static HeldFolder MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var made = new HeldFolder(path);
        if (File.Exists(System.IO.Path.Combine(path, LockName))) return made;
        made.Dispose();
        throw new IOException($"{path} was swept while it was made.");
    }

    private static void SweepOne(string left, TimeProvider time)
    {
        try
        {
            // Without a lock it is being made at this moment, or what a killed tool had started created it again after it was swept.
            var isNew = time.GetUtcNow() - Directory.GetLastWriteTimeUtc(left) < MaxCreationTime;
            using var taken = Held(left, isNew ? FileMode.Open : FileMode.OpenOrCreate, FileShare.None);
            Remove(left);
        }
        catch (Exception used) when (used is IOException or UnauthorizedAccessException)
        {
            // Somebody works in it at this moment, or swept it first.
        }
    }

    /// <summary>With what a program that was just ended still writes.</summary>
    private static void Remove(string path)
    {
        for (var tried = 1; Directory.Exists(path); tried++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (tried < MaxDeleteAttempts)
            {
                // Something came in while it was emptied.
            }
        }
    }

    private static FileStream Held(string path, FileMode mode, FileShare share) =>
        new(System.IO.Path.Combine(path, LockName), mode, FileAccess.Write, share);
}
