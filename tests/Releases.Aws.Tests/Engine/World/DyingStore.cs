using System.Reflection;

namespace Releases.Aws.Tests.Engine;

/// <summary>A store whose user dies right before or right after one of its writes.</summary>
public class DyingStore : DispatchProxy
{
    private static readonly string[] Writes =
        [nameof(IReleaseStore.SavePromotion), nameof(IReleaseStore.FinishPromotion)];

    private IReleaseStore _inner = null!;
    private int _dieAt;

    /// <summary>How many moments there were so far: two for each write.</summary>
    public int Moments { get; private set; }

    public static (IReleaseStore Store, DyingStore Moments) Around(IReleaseStore inner, int dieAt)
    {
        var store = Create<IReleaseStore, DyingStore>();
        var dying = (DyingStore)store;
        (dying._inner, dying._dieAt) = (inner, dieAt);
        return (store, dying);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (!Writes.Contains(targetMethod.Name)) return targetMethod.Invoke(_inner, args);
        if (++Moments >= _dieAt) throw new DriverDiedException();
        var written = (Task)targetMethod.Invoke(_inner, args)!;
        return After(written);
    }

    private async Task After(Task written)
    {
        await written;
        if (++Moments >= _dieAt) throw new DriverDiedException();
    }
}

/// <summary>The driver's process has ended.</summary>
public sealed class DriverDiedException() : Exception("The driver is dead.");
