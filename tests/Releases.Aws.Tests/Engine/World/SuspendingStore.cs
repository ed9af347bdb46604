using System.Reflection;

namespace Releases.Aws.Tests.Engine;

/// <summary>A store after whose writes of a promotion something happens, as when a laptop sleeps.</summary>
public class SuspendingStore : DispatchProxy
{
    private IReleaseStore _inner = null!;
    private Func<Promotion, Task> _after = null!;

    public static IReleaseStore Around(IReleaseStore inner, Func<Promotion, Task> after)
    {
        var store = Create<IReleaseStore, SuspendingStore>();
        (((SuspendingStore)store)._inner, ((SuspendingStore)store)._after) = (inner, after);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        var answer = targetMethod.Invoke(_inner, args);
        return targetMethod.Name == nameof(IReleaseStore.SavePromotion) ? After((Task)answer!, (Promotion)args![1]!) : answer;
    }

    private async Task After(Task written, Promotion promotion)
    {
        await written;
        await _after(promotion);
    }
}
