using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Waits for the check that <see cref="CheckRelease"/> began, and reports what it refused.</summary>
public sealed class ReportCheck : Microsoft.Build.Utilities.Task
{
    /// <summary>The name of the check.</summary>
    [Required]
    public string Pending { get; set; } = "";

    /// <summary>The project, absolute.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary><c>ConvoxApp</c>.</summary>
    public string? App { get; set; }

    /// <summary><c>ConvoxRack</c>.</summary>
    public string? Rack { get; set; }

    /// <inheritdoc/>
    public override bool Execute() =>
        Log.Run(ProjectFile, PublishTask.RemediesFor(App, Rack), () => PendingCheck.Await(BuildEngine4, Pending));
}
