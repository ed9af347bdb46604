using System.Reflection;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// An engine whose user doesn't hurry it: while a command runs, time passes at the pace of whoever follows the command, where
/// both would step through the virtual time side by side.
/// </summary>
public class PatientEngine : DispatchProxy
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private IEngine _inner = null!;
    private TimeProvider _world = null!;
    private int _running;

    public static IEngine Around(IEngine inner, TimeProvider world)
    {
        var engine = Create<IEngine, PatientEngine>();
        (((PatientEngine)engine)._inner, ((PatientEngine)engine)._world) = (inner, world);
        return engine;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.Name is nameof(IEngine.RunRelease) or nameof(IEngine.Verify)) return Run(targetMethod, args);
        if (targetMethod.Name == nameof(IEngine.WaitForChange) && Volatile.Read(ref _running) > 0)
            return Task.Delay(Pace, _world, (CancellationToken)args![1]!);
        return targetMethod.Invoke(_inner, args);
    }

    private async Task<CommandEnd> Run(MethodInfo command, object?[]? args)
    {
        Interlocked.Increment(ref _running);
        try
        {
            return await (Task<CommandEnd>)command.Invoke(_inner, args)!;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
