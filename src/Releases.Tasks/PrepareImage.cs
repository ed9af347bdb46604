using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>
/// Prepares pushing the image of the publish output with the SDK's container support: on AWS, chooses the destination, creates the
/// repository and logs in. On the local rack it does nothing, and no image is made.
/// </summary>
public sealed class PrepareImage : PublishTask
{
    /// <summary>Gets or sets the build's id, which is the image's tag.</summary>
    [Output]
    public string? BuildId { get; set; }

    /// <summary>Gets or sets the registry's host.</summary>
    [Output]
    public string? Registry { get; set; }

    /// <summary>Gets or sets the repository's name.</summary>
    [Output]
    public string? Repository { get; set; }

    /// <summary>Gets or sets the targets that make the image; empty if none is made.</summary>
    [Output]
    public string? Targets { get; set; }

    private protected override async Task Do()
    {
        var settings = Settings();
        if (settings.Rack.Kind.ArtifactKind != ArtifactKind.Image) return;
        var rack = await OpenRack(settings);
        try
        {
            await Prepare(settings, rack);
        }
        catch
        {
            await rack.DisposeAsync();
            throw;
        }
    }

    private async Task Prepare(AppSettings settings, Rack rack)
    {
        var request = Request(settings, await SourceOf(settings, Cancelled), await Actor.On(rack, Cancelled));
        if (await Target(rack, settings, request) is not { } target)
        {
            await rack.DisposeAsync();
            return;
        }

        await ImagePush.Begin(BuildEngine4, rack, request, Cancelled);
        SignIn(target);
        (BuildId, Registry, Repository, Targets) = (request.Build.ToString(), target.Registry, target.Repository, "PublishContainer");
    }
}
