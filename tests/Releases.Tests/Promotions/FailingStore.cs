using System.Reflection;

namespace Releases.Tests.Promotions;

/// <summary>A store that cannot be reached for some of its calls.</summary>
public class FailingStore : DispatchProxy
{
    private IReleaseStore _inner = null!;
    private Func<string, bool> _fails = null!;
    private (string Code, ProblemKind Kind) _problem;

    public static IReleaseStore Around(IReleaseStore inner, Func<string, bool> fails, string code = ProblemCode.Unreachable,
        ProblemKind kind = ProblemKind.Unavailable)
    {
        var store = Create<IReleaseStore, FailingStore>();
        (((FailingStore)store)._inner, ((FailingStore)store)._fails, ((FailingStore)store)._problem) = (inner, fails, (code, kind));
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _fails(targetMethod!.Name)
        ? throw new Problem(_problem.Code, "AWS cannot be reached.", Kind: _problem.Kind).ToException()
        : targetMethod.Invoke(_inner, args);
}
