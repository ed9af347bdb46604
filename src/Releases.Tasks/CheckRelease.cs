using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>
/// Before anything is compiled: refuses what the release of this publish, and its promotion, would be refused for afterwards. It is checked
/// while MSBuild prepares the compilation, and <see cref="ReportCheck"/> reports the result.
/// </summary>
public sealed class CheckRelease : PublishTask
{
    /// <summary><c>true</c> when the release is promoted next.</summary>
    public string? ThenPromote { get; set; }

    /// <summary>The program that promotes, as <see cref="FindTool"/> found it.</summary>
    public string? ToolCommand { get; set; }

    /// <summary>What comes before its own arguments.</summary>
    public string? ToolArguments { get; set; }

    /// <summary>Names the check that runs; empty: it is done.</summary>
    [Output]
    public string? Pending { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        // What is found out about a promotion is logged, which a task can only do while it runs.
        if (IsTrue(ThenPromote)) return base.Execute();
        Pending = PendingCheck.Begin(BuildEngine4, Do, Cancel);
        return true;
    }

    private protected override async Task Do()
    {
        var settings = Settings();
        await using var rack = await OpenRack(settings);
        await new CreateRelease(rack, TimeProvider.System).Check(Request(settings, await SourceOf(settings, Cancelled), by: ""), Cancelled);
        if (!IsTrue(ThenPromote)) return;
        if (await rack.Store.FindApp(settings.App, Cancelled) is { DeletedAt: null } app)
            await new PromotionPreconditions(Operations(rack)).Check(app, waitLock: null, Cancelled);
        await new TryTool(ToolCommand!, ToolArguments ?? "", Path.GetDirectoryName(ProjectFile)!).Run(rack.Address, Cancelled);
    }
}
