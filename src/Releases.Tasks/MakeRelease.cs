using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Makes a build and a release of what was just published.</summary>
public sealed class MakeRelease : PublishTask
{
    /// <summary>Where to leave what was made, absolute.</summary>
    [Required]
    public string ResultFile { get; set; } = "";

    /// <summary><c>true</c> when the release is promoted next, so that no message needs to explain how.</summary>
    public string? ThenPromote { get; set; }

    /// <summary>The release's id.</summary>
    [Output]
    public string? ReleaseId { get; set; }

    /// <summary>The build's id.</summary>
    [Output]
    public string? BuildId { get; set; }

    /// <summary>The app that the release was made for.</summary>
    [Output]
    public string? ResolvedApp { get; set; }

    /// <summary>The rack that the release was made in.</summary>
    [Output]
    public string? ResolvedRack { get; set; }

    /// <summary>The id that <see cref="PrepareImage"/> gave the build.</summary>
    public string? ImageBuild { get; set; }

    /// <summary>The image's registry.</summary>
    public string? ImageRegistry { get; set; }

    /// <summary>The image's repository.</summary>
    public string? ImageRepository { get; set; }

    /// <summary>The digest of an image for one system.</summary>
    public string? ImageDigest { get; set; }

    /// <summary>The index of an image for several systems, as JSON.</summary>
    public string? ImageIndex { get; set; }

    /// <summary>The systems of the image, separated by semicolons.</summary>
    public string? ImageRuntimes { get; set; }

    private protected override async Task Do()
    {
        var settings = Settings();
        await using var rack = await OpenRack(settings);
        var request = Request(settings, await SourceOf(settings, Cancelled), await Actor.On(rack, Cancelled));
        if (Stated(ImageBuild) is { } build)
        {
            var image = new PushedImage(ImageRegistry!, ImageRepository!, Stated(ImageDigest), Stated(ImageIndex), ImageRuntimes)
                .Artifact(IsTrue(IsWeb));
            request = request with { Build = Releases.BuildId.Parse(build), Projects = [request.Projects[0] with { Image = image }] };
        }

        var created = await new CreateRelease(rack, TimeProvider.System).FromBuild(request, Cancelled);

        foreach (var warning in created.Warnings) Log.LogFinding(warning, Remedies);
        if (created.Note is { } note) Log.LogMessage(MessageImportance.Normal, "{0}", note);
        ReleaseId = created.Release.Id.ToString();
        BuildId = created.Build?.Id.ToString();
        ResolvedApp = settings.App.ToString();
        ResolvedRack = rack.Address;
        await ReleaseOutput.Write(ResultFile, created, rack.Address, Cancelled);
        await ReleaseOutput.TellGitHub(created, TimeProvider.System, Cancelled);
        Log.LogMessage(MessageImportance.High, "{0}", LastLine(created));
        // The tool that promotes next delivers this too.
        if (!IsTrue(ThenPromote))
            await new DueHooks(
                rack, TimeProvider.System, trouble => Log.LogMessage(MessageImportance.Normal, "{0}", trouble)).Deliver(Cancelled);
    }

    /// <summary>The terminal logger shows, of all messages, the last one of this form.</summary>
    private string LastLine(CreatedRelease created)
    {
        var description = created.Release.Description is { Length: > 0 } text ? $" ({text})" : "";
        var line = $"{Path.GetFileNameWithoutExtension(ProjectFile)} -> release {created.Release.Id}{description}";
        if (IsTrue(ThenPromote)) return line;
        var elsewhere = (Stated(App) is { } app ? $" --app {app}" : "") + (Stated(Rack) is { } rack ? $" --rack {rack}" : "");
        return $"{line}; promote it with: dotnet convox promote {created.Release.Id}{elsewhere}";
    }
}
