using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Determines, before a release to be promoted is made, whether it can be promoted from here, and with which program.</summary>
public sealed class FindTool : Microsoft.Build.Utilities.Task
{
    /// <summary>Gets or sets the value of <c>ConvoxToolPath</c>.</summary>
    public string? ToolPath { get; set; }

    /// <summary>Gets or sets the project, in whose folder the search for a local tool manifest begins.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets <c>true</c> in a solution publish.</summary>
    public string? InSolution { get; set; }

    /// <summary>Gets or sets the program to start.</summary>
    [Output]
    public string? Command { get; set; }

    /// <summary>Gets or sets the arguments that precede the tool's own.</summary>
    [Output]
    public string? Arguments { get; set; }

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, PublishTask.RemediesFor(null, null), () =>
    {
        if (string.Equals(InSolution, "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new Problem(
                ProblemCode.Usage,
                "a solution publish makes a release per service, so it can't promote: each would roll out before the next is made.",
                Remedy.Do(Operation.Deploy, "Publish without ConvoxPromote and promote the last release, or deploy all at once"))
                .ToException();
        }

        (Command, Arguments) = ToolCommand.Find(ToolPath, Path.GetDirectoryName(ProjectFile)!);
    });
}
