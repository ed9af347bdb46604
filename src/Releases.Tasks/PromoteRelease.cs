using Microsoft.Build.Framework;
using CommandLineBuilder = Microsoft.Build.Utilities.CommandLineBuilder;

namespace Releases.Tasks;

/// <summary>
/// Promotes the new release by running the tool, whose output goes to the build's log as it is printed. A cancelled build detaches from the
/// promotion, as Ctrl-C does.
/// </summary>
public sealed class PromoteRelease : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

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

    private RemedyText Remedies => PublishTask.RemediesFor(App, Rack);

    /// <inheritdoc/>
    public void Cancel() => _cancel.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, Remedies, () => Promote().GetAwaiter().GetResult());

    private async Task Promote()
    {
        var (tool, folder) = (new ToolCommand(Command, CommandArguments ?? ""), Path.GetDirectoryName(ProjectFile)!);
        var printed = new ToolOutput(Release);
        Log.LogCommandLine(MessageImportance.High, $"{Command} {CommandArguments} {Arguments()}");
        var ended = await new ToolRun(tool, folder, $"release {Release} was made but not promoted").Run(Arguments(), line =>
        {
            printed.Add(line);
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }, _cancel.Token);
        if (ended != ExitCode.Success)
            foreach (var problem in printed.Problems(ended)) Log.LogProblem(problem, ProjectFile, Remedies);
        else Log.LogMessage(
            MessageImportance.High, "{0}", $"{Path.GetFileNameWithoutExtension(ProjectFile)} -> release {Release} is promoted");
    }

    /// <summary>Returns the tool's arguments, quoted where needed.</summary>
    private string Arguments()
    {
        var line = new CommandLineBuilder();
        line.AppendSwitch("promote");
        line.AppendSwitch(Release);
        line.AppendSwitchIfNotNull("--app ", App);
        line.AppendSwitchIfNotNull("--rack ", Rack);
        return line.ToString();
    }
}
