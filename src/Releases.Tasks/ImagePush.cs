using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>
/// Represents a running build whose image the SDK's targets make and push between two of our tasks. MSBuild disposes it when the publish
/// ends; if nothing has taken it by then, the push failed, and so did the build.
/// </summary>
internal sealed class ImagePush : IDisposable
{
    private const string NotPushed = "The container image wasn't pushed. The output of dotnet publish has the reason.";
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Rack _rack;
    private readonly CreateRelease _create;
    private readonly Build _build;
    private readonly Task _renewing;

    private ImagePush(Rack rack, CreateRelease create, Build build)
    {
        (_rack, _create, _build) = (rack, create, build);
        _renewing = create.WithHeartbeat(build, async () =>
        {
            await _ended.Task;
            return build;
        });
    }

    /// <summary>Records that a build is running, until it is taken or the publish ends.</summary>
    /// <param name="engine">The engine that runs the tasks.</param>
    /// <param name="rack">The rack, which this takes over.</param>
    /// <param name="request">The build.</param>
    /// <param name="cancel">Cancels the write.</param>
    public static async Task Begin(IBuildEngine4 engine, Rack rack, BuildRequest request, CancellationToken cancel)
    {
        var create = new CreateRelease(rack, TimeProvider.System);
        var push = new ImagePush(rack, create, await create.Begin(request, cancel));
        engine.RegisterTaskObject(KeyOf(request.Build), push, Lifetime, allowEarlyCollection: false);
    }

    /// <summary>Returns the running build whose image was pushed, for the task that completes it.</summary>
    public static ImagePush Take(IBuildEngine4 engine, BuildId build) =>
        (ImagePush)engine.UnregisterTaskObject(KeyOf(build), Lifetime);

    /// <summary>Makes the release of the image.</summary>
    public Task<CreatedRelease> Complete(BuildRequest request, CancellationToken cancel) => _create.Complete(_build, request, cancel);

    /// <summary>Records that the build failed, unless it is complete.</summary>
    public Task MarkFailed(Exception cause) => _create.MarkFailed(_build, cause);

    /// <inheritdoc/>
    public void Dispose() => Fail().GetAwaiter().GetResult();

    private async Task Fail()
    {
        await _create.MarkFailed(_build, new OperationCanceledException(NotPushed), NotPushed);
        await End();
    }

    /// <summary>Ends the heartbeat.</summary>
    public async Task End()
    {
        _ended.TrySetResult();
        await _renewing;
        await _rack.DisposeAsync();
    }

    private static string KeyOf(BuildId build) => $"{typeof(ImagePush).FullName} {build}";
}
