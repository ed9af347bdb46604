using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Releases.Tasks;

/// <summary>Promotes the new release by running the tool, whose output goes to the build's log as it is printed.</summary>
public sealed class PromoteRelease : ToolTask
{
    private readonly List<ErrorLine> _errors = [];
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
        if (ErrorLine.Parse(singleLine) is { } error) _errors.Add(error);
        Log.LogMessage(messageImportance, "{0}", singleLine);
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors()
    {
        var code = ExitCode switch
        {
            Releases.ExitCode.NeedsPerson => ProblemCode.Stuck,
            Releases.ExitCode.Busy => ProblemCode.Busy,
            _ => ProblemCode.PromotionFailed,
        };
        // The tool's output is hidden where MSBuild prints errors only, so every reason is an error here too.
        foreach (var (reason, message) in _errors.SkipLast(1)) LogError(reason, message);
        var last = _errors is [.., { Sentence: var outcome }] ? outcome : _lastLine;
        var end = last is [.., '.' or '!' or '?'] ? " " : ". ";
        // Promoting an incomplete release fails later too; its reason has the remedy.
        var later = _errors.Exists(e => e.Code == ProblemCode.Incomplete) ? ""
            : end + PublishTask.RemediesFor(App, Rack).Line(Remedy.Do(Operation.Promote, "Promote it later", Release));
        LogError(code, $"release {Release} was made but not promoted (exit code {ExitCode}): {last}{later}");
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

    private void LogError(string code, string message) => Log.LogError(null, code, null, ProjectFile, 0, 0, 0, 0, "{0}", message);
}
