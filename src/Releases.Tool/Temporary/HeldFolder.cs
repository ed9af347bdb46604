using Releases.Local;

namespace Releases.Tool;

/// <summary>
/// Represents a temporary folder that only its user can open. Disposing it deletes it; the folder of a killed program is deleted by the
/// next <see cref="Sweep"/>.
/// </summary>
internal sealed class HeldFolder : IDisposable
{
    /// <summary>The prefix of folders in memory, for text that must not reach a disk.</summary>
    public const string Edit = "convox-edit-";

    /// <summary>The prefix of folders through which the tool and MSBuild communicate.</summary>
    public const string Build = "convox-build-";

    /// <summary>The prefix of folders with the file that the browser is started with.</summary>
    public const string SignIn = "convox-console-";

    private const string LockName = ".lock";
    private const int MaxDeleteAttempts = 5;
    private const int MaxMakeAttempts = 5;

    /// <summary>The time within which a new folder is certain to be locked.</summary>
    private static readonly TimeSpan MaxCreationTime = TimeSpan.FromMinutes(10);

    private readonly FileStream _lock;

    private HeldFolder(string path)
    {
        Path = path;
        _lock = Held(path, FileMode.CreateNew, isExclusive: false);
    }

    public string Path { get; }

    /// <summary>
    /// Creates a folder below the first of these parents in which this user can. Fails with <see cref="ProblemCode.TemporaryFolder"/>.
    /// </summary>
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
                // For example XDG_RUNTIME_DIR of the user before su. Try the next parent; the failure of the last one is reported.
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
            + $"{(refused is null ? "doesn't exist" : $"can't be written to: {FailureReason.OfFolder(refused, parent)}")}; "
            + "nothing was changed.",
        "Create it, or unset TMPDIR.");

    /// <summary>Returns the folders that are in memory, and last one on a disk for systems without them.</summary>
    public static IEnumerable<string> Memory(Func<string, string?> variable)
    {
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return runtime;
        yield return "/dev/shm";
        yield return System.IO.Path.GetTempPath();
    }

    /// <summary>Deletes the folders that programs of this user have left behind.</summary>
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
                // It belongs to another user, such as the one before su.
            }
        }
    }

    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
    }

    /// <summary>Creates a folder. If a sweep takes its lock file between creation and locking, another folder is created.</summary>
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
                // The last attempt reports what is wrong with the parent itself.
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
            // A folder without a lock file is being created right now, or a child of a killed tool created it again after a sweep.
            var isNew = time.GetUtcNow() - Directory.GetLastWriteTimeUtc(left) < MaxCreationTime;
            using var taken = Held(left, isNew ? FileMode.Open : FileMode.OpenOrCreate, isExclusive: true);
            Remove(left);
        }
        catch (Exception used) when (used is IOException or UnauthorizedAccessException)
        {
            // It is in use, or another sweep was faster.
        }
    }

    /// <summary>Deletes a folder, including what a program that just ended is still writing to it.</summary>
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
                // A file was added while the folder was being emptied.
            }
        }
    }

    private static FileStream Held(string path, FileMode mode, bool isExclusive)
    {
        var file = new FileStream(
            System.IO.Path.Combine(path, LockName), mode, FileAccess.Write, isExclusive ? FileShare.None : FileShare.Delete);
        if (FileLock.TryLock(file, isExclusive)) return file;
        file.Dispose();
        throw new IOException($"{path} is in use.");
    }
}
