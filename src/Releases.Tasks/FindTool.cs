using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Before a release that is to be promoted is made: whether it can be promoted from here at all, and with what.</summary>
public sealed class FindTool : Microsoft.Build.Utilities.Task
{
    /// <summary>What <c>ConvoxToolPath</c> says.</summary>
    public string? ToolPath { get; set; }

    /// <summary>The project; in its folder the search for a local tool manifest begins.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary><c>true</c> in a solution publish.</summary>
    public string? InSolution { get; set; }

    /// <summary>The program to start.</summary>
    [Output]
    public string? Command { get; set; }

    /// <summary>What comes before the tool's own arguments.</summary>
    [Output]
    public string? Arguments { get; set; }

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, () =>
    {
        if (string.Equals(InSolution, "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new Problem(
                ProblemCode.Usage, "A solution publish makes one release per service, so it does not promote: it would roll out each before the next is there.",
                "Deploy it with: dotnet convox deploy; or publish with -p:ConvoxRelease=true alone, then promote the last release with: dotnet convox promote").ToException();
        }

        (Command, Arguments) = ToolCommand.Find(ToolPath, Path.GetDirectoryName(ProjectFile)!);
    });
}
