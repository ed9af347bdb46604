using System.Reflection;

namespace Releases.Aws.Tests.Engine;

/// <summary>A store after whose writes of a promotion something happens, as when a laptop sleeps.</summary>
public class SuspendingStore : DispatchProxy
{
    private IReleaseStore _inner = null!;
    private Func<Promotion, Task> _after = null!;
    private Action _ending = null!;

    /// <param name="inner">The store.</param>
    /// <param name="after">Called after each write of a promotion that is open.</param>
    /// <param name="ending">Called before its end is written.</param>
    public static IReleaseStore Around(IReleaseStore inner, Func<Promotion, Task> after, Action? ending = null)
    {
        var store = Create<IReleaseStore, SuspendingStore>();
        var suspending = (SuspendingStore)store;
        (suspending._inner, suspending._after, suspending._ending) = (inner, after, ending ?? (() => { }));
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.Name == nameof(IReleaseStore.FinishPromotion)) _ending();
        var answer = targetMethod.Invoke(_inner, args);
        return targetMethod.Name == nameof(IReleaseStore.SavePromotion) ? After((Task)answer!, (Promotion)args![1]!) : answer;
    }

    private async Task After(Task written, Promotion promotion)
    {
        await written;
        await _after(promotion);
    }
}
