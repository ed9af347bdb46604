using System.Reflection;

namespace Releases.Tests.Promotions;

/// <summary>A store that cannot be reached for some of its calls.</summary>
public class FailingStore : DispatchProxy
{
    private IReleaseStore _inner = null!;
    private Func<string, bool> _fails = null!;
    private Exception _failure = null!;

    public static IReleaseStore Around(IReleaseStore inner, Func<string, bool> fails, string code = ProblemCode.Unreachable,
        ProblemKind kind = ProblemKind.Unavailable) =>
        Around(inner, fails, new Problem(code, "AWS cannot be reached.", Kind: kind).ToException());

    public static IReleaseStore Around(IReleaseStore inner, Func<string, bool> fails, Exception failure)
    {
        var store = Create<IReleaseStore, FailingStore>();
        (((FailingStore)store)._inner, ((FailingStore)store)._fails, ((FailingStore)store)._failure) = (inner, fails, failure);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _fails(targetMethod!.Name)
        ? throw _failure
        : targetMethod.Invoke(_inner, args);
}
