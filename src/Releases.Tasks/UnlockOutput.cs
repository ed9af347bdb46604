using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Lets other builds publish this project. Does nothing if this one keeps none from it.</summary>
public sealed class UnlockOutput : Microsoft.Build.Utilities.Task
{
    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the lock.</summary>
    [Required]
    public string LockFile { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(
        ProjectFile, PublishTask.RemediesFor(null, null), () => HeldOutput.Release(BuildEngine4, LockFile));
}
