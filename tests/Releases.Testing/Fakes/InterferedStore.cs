using System.Reflection;

namespace Releases.Testing;

/// <summary>A store in front of another one: a test says what goes wrong with which call.</summary>
public class InterferedStore : DispatchProxy
{
    private InMemoryReleaseStore _behind = null!;
    private Func<MethodInfo, object?[], Func<object?>, object?> _interfere = null!;

    /// <param name="behind">The store that calls are passed to.</param>
    /// <param name="interfere">Gets the method, its arguments, and how to continue.</param>
    public static IReleaseStore Of(InMemoryReleaseStore behind, Func<MethodInfo, object?[], Func<object?>, object?> interfere)
    {
        var store = Create<IReleaseStore, InterferedStore>();
        (((InterferedStore)(object)store)._behind, ((InterferedStore)(object)store)._interfere) = (behind, interfere);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _interfere(targetMethod!, args!, () => targetMethod!.Invoke(_behind, args));
}
