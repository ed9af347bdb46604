using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Releases.Tasks;

/// <summary>Promotes the new release by running the tool, whose output goes to the build's log as it is printed.</summary>
public sealed class PromoteRelease : ToolTask
{
    private string _lastLine = "";

    /// <summary>Gets or sets the project, which determines the working folder and the name in the final message.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets the program, as found by <see cref="FindTool"/>.</summary>
    [Required]
    public string Command { get; set; } = "";

    /// <summary>Gets or sets the arguments that precede the tool's own.</summary>
    public string? CommandArguments { get; set; }

    /// <summary>Gets or sets the release's id.</summary>
    [Required]
    public string Release { get; set; } = "";

    /// <summary>Gets or sets the app of the release.</summary>
    [Required]
    public string App { get; set; } = "";

    /// <summary>Gets or sets the rack of the release.</summary>
    [Required]
    public string Rack { get; set; } = "";

    /// <inheritdoc/>
    protected override string ToolName => Path.GetFileName(Command);

    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.High;

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.High;

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() => Command;

    /// <inheritdoc/>
    protected override string? GetWorkingDirectory() => Path.GetDirectoryName(ProjectFile);

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands() => $"{CommandArguments} {Promote()}".TrimStart();

    /// <summary>Returns the tool's arguments, quoted where needed.</summary>
    private string Promote()
    {
        var line = new CommandLineBuilder();
        line.AppendSwitch("promote");
        line.AppendSwitch(Release);
        line.AppendSwitchIfNotNull("--app ", App);
        line.AppendSwitchIfNotNull("--rack ", Rack);
        return line.ToString();
    }

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        if (!string.IsNullOrWhiteSpace(singleLine)) _lastLine = singleLine.Trim();
        Log.LogMessage(messageImportance, "{0}", singleLine);
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors()
    {
        var code = ExitCode switch { 4 => ProblemCode.Stuck, 5 => ProblemCode.Busy, _ => ProblemCode.PromotionFailed };
        Log.LogError(
            null, code, null, ProjectFile, 0, 0, 0, 0, "{0}",
            $"{Release} was made but not promoted (exit code {ExitCode}): {_lastLine} "
                + $"Promote it later: dotnet convox {Promote()}");
        return false;
    }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var promoted = base.Execute();
        if (promoted) Log.LogMessage(MessageImportance.High, "{0}",
            $"{Path.GetFileNameWithoutExtension(ProjectFile)} -> release {Release} is promoted");
        return promoted;
    }
}
