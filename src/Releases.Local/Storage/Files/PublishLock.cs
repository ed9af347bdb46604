namespace Releases.Local;

/// <summary>
/// Represents the exclusive use of projects' intermediate folders. A publish compiles there, empties a folder there, and its release is
/// made from it, so a second publish at the same time would take files away or give its own. The locks end with the process that has them.
/// </summary>
public sealed class PublishLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest wait. A project that fails keeps its lock until its build ends, so two builds of several projects can wait for each
    /// other; one of them then gives up.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<IDisposable> _taken;

    private PublishLock(IReadOnlyList<IDisposable> taken) => _taken = taken;

    /// <summary>
    /// Takes the locks, or returns null if another publish has one of them. Fails with <see cref="ProblemCode.BuildFailed"/> if a lock
    /// can't be used.
    /// </summary>
    /// <param name="files">The lock of each project, whose folder is created.</param>
    public static PublishLock? TryTake(IEnumerable<string> files)
    {
        var taken = new List<IDisposable>();
        try
        {
            foreach (var file in files.Distinct(StringComparer.Ordinal))
            {
                if (TryTake(file) is { } one) taken.Add(one);
                else return null;
            }

            var all = new PublishLock([.. taken]);
            taken.Clear();
            return all;
        }
        finally
        {
            foreach (var one in taken) one.Dispose();
        }
    }

    /// <summary>
    /// Waits until the locks can be taken, having none of them meanwhile. Fails with <see cref="ProblemCode.BuildFailed"/> if that takes
    /// too long.
    /// </summary>
    public static async Task<PublishLock> Take(IReadOnlyList<string> files, TimeProvider time, CancellationToken cancel)
    {
        PublishLock? taken = null;
        await Wait(() => (taken = TryTake(files)) is not null, time, cancel);
        return taken!;
    }

    /// <summary>Tries to take locks until that succeeds. Fails with <see cref="ProblemCode.BuildFailed"/> if that takes too long.</summary>
    public static async Task Wait(Func<bool> tryTake, TimeProvider time, CancellationToken cancel)
    {
        for (var start = time.GetTimestamp(); !tryTake();)
        {
            if (time.GetElapsedTime(start) >= MaxWait)
                throw new Problem(
                    ProblemCode.BuildFailed, "another publish of the same project has been running for an hour; nothing was released.",
                    "End it, then run this again.").ToException();
            await Task.Delay(PollInterval, time, cancel);
        }
    }

    public void Dispose()
    {
        foreach (var one in _taken) one.Dispose();
    }

    private static IDisposable? TryTake(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return FileLock.Open(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new Problem(
                ProblemCode.BuildFailed, $"'{file}' can't be used: {FailureReason.OfFile(refused, file)}; nothing was released.",
                "A publish needs to write to the project's obj folder.").ToException(refused);
        }
    }
}
