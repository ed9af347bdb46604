namespace Releases.Aws;

/// <summary>One-off processes as tasks of ECS.</summary>
internal sealed class EcsOneOffs : IOneOffs
{
    public Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel) => throw new Problem(
        ProblemCode.NotSupported, "One-off processes do not run on AWS yet; nothing was started.", "Use ECS itself: aws ecs run-task.").ToException();
}
