using Microsoft.Build.Framework;
using Releases.Local;

namespace Releases.Tasks;

/// <summary>
/// Waits until no other build publishes this project, and keeps others from it until <see cref="UnlockOutput"/>, or until the build ends.
/// </summary>
public sealed class LockOutput : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the lock.</summary>
    [Required]
    public string LockFile { get; set; } = "";

    /// <inheritdoc/>
    public void Cancel() => _cancel.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, PublishTask.RemediesFor(null, null), () =>
    {
        if (HeldOutput.TryTake(BuildEngine4, LockFile)) return;
        Log.LogMessage(
            MessageImportance.High, "{0} -> waiting: another publish of this project is running",
            Path.GetFileNameWithoutExtension(ProjectFile));
        WaitYielding();
    });

    /// <summary>Waits without keeping this node from other projects, since the one that has the lock may need it.</summary>
    private void WaitYielding()
    {
        BuildEngine3.Yield();
        try
        {
            try
            {
                PublishLock.Wait(() => HeldOutput.TryTake(BuildEngine4, LockFile), TimeProvider.System, _cancel.Token)
                    .GetAwaiter().GetResult();
            }
            finally
            {
                BuildEngine3.Reacquire();
            }
        }
        catch (Exception aborted) when (_cancel.IsCancellationRequested)
        {
            // MSBuild lets no task of a cancelled build continue, and throws an exception of its own.
            throw new OperationCanceledException(aborted.Message, aborted);
        }
    }
}
