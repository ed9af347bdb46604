using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Represents a check that runs in the background of a build.</summary>
internal sealed class PendingCheck : IDisposable
{
    private readonly Task _check;
    private readonly Action _cancel;

    private PendingCheck(Task check, Action cancel) => (_check, _cancel) = (check, cancel);

    /// <summary>Begins a check and returns its name. A build that ends without waiting for the check cancels it.</summary>
    public static string Begin(IBuildEngine4 build, Func<Task> check, Action cancel)
    {
        var name = $"{typeof(PendingCheck)} {Guid.NewGuid():N}";
        build.RegisterTaskObject(name, new PendingCheck(Task.Run(check), cancel), RegisteredTaskObjectLifetime.Build, false);
        return name;
    }

    /// <summary>Waits for a check. Fails if the check failed.</summary>
    public static void Await(IBuildEngine4 build, string name)
    {
        if (build.UnregisterTaskObject(name, RegisteredTaskObjectLifetime.Build) is PendingCheck pending)
            pending._check.GetAwaiter().GetResult();
    }

    public void Dispose() => _cancel();
}
