namespace Releases.Tasks;

/// <summary>
/// Logs in to the rack's registry for the image of one platform. MSBuild makes it in a build of its own, with the environment from before
/// <see cref="PrepareImage"/>. A property would have the login in every binary log.
/// </summary>
public sealed class SignInImage : PublishTask
{
    /// <summary>Gets or sets the registry that the image is pushed to; empty for one of this machine.</summary>
    public string Registry { get; set; } = "";

    private protected override async Task Do()
    {
        if (Registry.Length == 0) return;
        var settings = Settings();
        if (settings.Rack.Kind.ArtifactKind != ArtifactKind.Image) return;
        await using var rack = await OpenRack(settings);
        var request = Request(settings, new() { Folder = settings.Folder }, by: "");
        if (await Target(rack, settings, request) is { } target && target.Registry == Registry) SignIn(target);
    }
}
