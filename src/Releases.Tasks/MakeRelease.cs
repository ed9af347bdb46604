using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Makes a build and a release of the publish output.</summary>
public sealed class MakeRelease : PublishTask
{
    /// <summary>Gets or sets the absolute path of the result file.</summary>
    [Required]
    public string ResultFile { get; set; } = "";

    /// <summary>Gets or sets <c>true</c> if the release is promoted next, so that no message needs to explain how.</summary>
    public string? ThenPromote { get; set; }

    /// <summary>Gets or sets the release's id.</summary>
    [Output]
    public string? ReleaseId { get; set; }

    /// <summary>Gets or sets the build's id.</summary>
    [Output]
    public string? BuildId { get; set; }

    /// <summary>Gets or sets the app of the release.</summary>
    [Output]
    public string? ResolvedApp { get; set; }

    /// <summary>Gets or sets the rack of the release.</summary>
    [Output]
    public string? ResolvedRack { get; set; }

    /// <summary>Gets or sets the build id from <see cref="PrepareImage"/>.</summary>
    public string? ImageBuild { get; set; }

    /// <summary>Gets or sets the image's registry.</summary>
    public string? ImageRegistry { get; set; }

    /// <summary>Gets or sets the image's repository.</summary>
    public string? ImageRepository { get; set; }

    /// <summary>Gets or sets the digest of a single-platform image.</summary>
    public string? ImageDigest { get; set; }

    /// <summary>Gets or sets the index of a multi-platform image, as JSON.</summary>
    public string? ImageIndex { get; set; }

    /// <summary>Gets or sets the runtime identifiers of the image, separated by semicolons.</summary>
    public string? ImageRuntimes { get; set; }

    private protected override async Task Do()
    {
        var settings = Settings();
        var push = Stated(ImageBuild) is { } build ? ImagePush.Take(BuildEngine4, Releases.BuildId.Parse(build)) : null;
        try
        {
            await Make(settings, push);
        }
        catch (Exception cause) when (push is not null)
        {
            await push.MarkFailed(cause);
            throw;
        }
        finally
        {
            if (push is not null) await push.End();
        }
    }

    private async Task Make(AppSettings settings, ImagePush? push)
    {
        await using var rack = await OpenRack(settings);
        var request = Request(settings, await SourceOf(settings, Cancelled), await Actor.On(rack, Cancelled)) with { Warned = Warn };
        var created = push is null
            ? await new CreateRelease(rack, TimeProvider.System).FromBuild(request, Cancelled)
            : await push.Complete(WithImage(request, Releases.BuildId.Parse(ImageBuild!)), Cancelled);

        if (created.Note is { } note) Log.LogMessage(MessageImportance.Normal, "{0}", note);
        ReleaseId = created.Release.Id.ToString();
        BuildId = created.Build?.Id.ToString();
        ResolvedApp = settings.App.ToString();
        ResolvedRack = rack.Address;
        // The release is made, so a cancelled build finishes reporting it.
        await ReleaseOutput.Write(ResultFile, created, rack.Address, TimeProvider.System, CancellationToken.None);
        Log.LogMessage(MessageImportance.High, "{0}", LastLine(created));
        // If the tool promotes next, it delivers the events.
        if (!IsTrue(ThenPromote))
            await new DueHooks(
                rack, settings.App, TimeProvider.System,
                trouble => Log.LogMessage(MessageImportance.Normal, "{0}", trouble)).Deliver(CancellationToken.None);
    }

    /// <summary>
    /// Logs the warnings before the release is made. If the build treats one as an error, the publish fails, and a failed publish makes no
    /// release.
    /// </summary>
    private Task Warn(IReadOnlyList<Problem> warnings)
    {
        foreach (var warning in warnings) Log.LogFinding(warning, Remedies);
        var errors = warnings.Select(w => w.Code).Where(((IBuildEngine8)BuildEngine).ShouldTreatWarningAsError).Distinct().ToList();
        return errors.Count == 0 ? Task.CompletedTask : throw new Problem(
            ProblemCode.BuildFailed,
            $"{string.Join(", ", errors)} {(errors.Count == 1 ? "is an error" : "are errors")} in this build, so no release was made.",
            $"Fix what it names, or leave it a warning: -warnnotaserror:{string.Join(';', errors)}").ToException();
    }

    private BuildRequest WithImage(BuildRequest request, BuildId build)
    {
        var image = new PushedImage(ImageRegistry!, ImageRepository!, Stated(ImageDigest), Stated(ImageIndex), ImageRuntimes);
        return request with { Build = build, Projects = [request.Projects[0] with { Image = image.Artifact(IsTrue(IsWeb)) }] };
    }

    /// <summary>Returns the final message. Of all messages, the terminal logger shows only the last one in this format.</summary>
    private string LastLine(CreatedRelease created)
    {
        var description = created.Release.Description is { Length: > 0 } text ? $" ({text})" : "";
        var line = $"{Path.GetFileNameWithoutExtension(ProjectFile)} -> release {created.Release.Id}{description}";
        if (IsTrue(ThenPromote)) return line;
        if (created.Release.Missing is { Count: > 0 } missing)
            return $"{line}; incomplete: {string.Join(", ", missing)} {(missing.Count == 1 ? "isn't" : "aren't")} built yet";
        return $"{line}; {Remedies.Line(Remedy.Do(Operation.Promote, "promote it with", created.Release.Id.ToString()))}";
    }
}
