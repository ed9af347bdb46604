using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Waits for the check that <see cref="CheckRelease"/> started, and reports its errors.</summary>
public sealed class ReportCheck : Microsoft.Build.Utilities.Task
{
    /// <summary>Gets or sets the name of the check.</summary>
    [Required]
    public string Pending { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the project file.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets the value of <c>ConvoxApp</c>.</summary>
    public string? App { get; set; }

    /// <summary>Gets or sets the value of <c>ConvoxRack</c>.</summary>
    public string? Rack { get; set; }

    /// <inheritdoc/>
    public override bool Execute() =>
        Log.Run(ProjectFile, PublishTask.RemediesFor(App, Rack), () => PendingCheck.Await(BuildEngine4, Pending));
}
