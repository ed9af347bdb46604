using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>
/// Checks before compilation whether the release of this publish, or its promotion, would be refused afterward. The check runs while
/// MSBuild prepares the compilation, and <see cref="ReportCheck"/> reports the result.
/// </summary>
public sealed class CheckRelease : PublishTask
{
    /// <summary>Gets or sets <c>true</c> if the release is promoted next.</summary>
    public string? ThenPromote { get; set; }

    /// <summary>Gets or sets the program that promotes, as found by <see cref="FindTool"/>.</summary>
    public string? ToolCommand { get; set; }

    /// <summary>Gets or sets the arguments that precede its own.</summary>
    public string? ToolArguments { get; set; }

    /// <summary>Gets or sets the name of the running check; empty if it has finished.</summary>
    [Output]
    public string? Pending { get; set; }

    /// <summary>Gets or sets whether the rack stores images, rather than publish folders.</summary>
    [Output]
    public bool StoresImages { get; set; }

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, Remedies, () =>
    {
        StoresImages = Settings().Rack.Kind.ArtifactKind == ArtifactKind.Image;
        // The findings about a promotion are logged, which a task can only do while it is executing.
        if (IsTrue(ThenPromote)) Do().GetAwaiter().GetResult();
        else Pending = PendingCheck.Begin(BuildEngine4, Do, Cancel);
    });

    private protected override async Task Do()
    {
        var settings = Settings();
        await using var rack = await OpenRack(settings);
        await new CreateRelease(rack, TimeProvider.System).Check(Request(settings, await SourceOf(settings, Cancelled), by: ""), Cancelled);
        if (!IsTrue(ThenPromote)) return;
        if (await rack.Store.FindApp(settings.App, Cancelled) is { DeletedAt: null } app)
            await new PromotionPreconditions(Operations(rack)).Check(app, waitLock: null, Cancelled);
        await new TryTool(new(ToolCommand!, ToolArguments ?? ""), Path.GetDirectoryName(ProjectFile)!).Run(rack.Address, Cancelled);
    }
}
