using Microsoft.Build.Framework;
using Releases.Local;

namespace Releases.Tasks;

/// <summary>
/// Represents the lock on a project's output while this build has it. A project that is built more than once in one build, such as for
/// itself with other properties, has it only once, because it would wait for itself; that holds for the builds on one MSBuild node.
/// </summary>
internal sealed class HeldOutput : IDisposable
{
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;
    private static readonly Lock Sync = new();

    private readonly PublishLock _lock;
    private int _uses = 1;

    private HeldOutput(PublishLock taken) => _lock = taken;

    /// <summary>Takes the lock, unless another build has it.</summary>
    public static bool TryTake(IBuildEngine4 engine, string file)
    {
        lock (Sync) return Joined(engine, file) || (PublishLock.TryTake([file]) is { } taken && Keep(engine, file, taken));
    }

    /// <summary>Ends one use of the lock, and gives it up with the last one.</summary>
    public static void Release(IBuildEngine4 engine, string file)
    {
        lock (Sync)
        {
            if (engine.GetRegisteredTaskObject(KeyOf(file), Lifetime) is not HeldOutput held || --held._uses > 0) return;
            engine.UnregisterTaskObject(KeyOf(file), Lifetime);
            held.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static bool Joined(IBuildEngine4 engine, string file)
    {
        if (engine.GetRegisteredTaskObject(KeyOf(file), Lifetime) is not HeldOutput held) return false;
        held._uses++;
        return true;
    }

    private static bool Keep(IBuildEngine4 engine, string file, PublishLock taken)
    {
        engine.RegisterTaskObject(KeyOf(file), new HeldOutput(taken), Lifetime, allowEarlyCollection: false);
        return true;
    }

    private static string KeyOf(string file) => $"{typeof(HeldOutput).FullName} {file}";
}
