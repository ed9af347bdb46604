using Microsoft.Build.Framework;
using Releases.Aws;

namespace Releases.Tasks;

/// <summary>
/// On AWS: says where the SDK's own container support is to push the image of what was just published, makes the repository and logs
/// in. On the local rack: says nothing, and no image is made.
/// </summary>
public sealed class PrepareImage : PublishTask
{
    private const string User = "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME";
    private const string Password = "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD";

    /// <summary>The build's id, which is the image's tag.</summary>
    [Output]
    public string? BuildId { get; set; }

    /// <summary>The registry's host.</summary>
    [Output]
    public string? Registry { get; set; }

    /// <summary>The repository's name.</summary>
    [Output]
    public string? Repository { get; set; }

    /// <summary>The targets that make the image; empty: none is made.</summary>
    [Output]
    public string? Targets { get; set; }

    private protected override async Task Do()
    {
        var settings = Settings();
        if (settings.Rack is not RackAddress.OnAws address) return;
        await using var rack = await AwsRack.Open(address, _ => { }, TimeProvider.System, Cancelled);
        var request = Request(settings, by: "");
        var target = await rack.Images.Target(settings.App, await new CreateRelease(rack, TimeProvider.System).ServiceOf(request, Cancelled), Cancelled);
        // The SDK takes them from here; no file and no property ever has them.
        Environment.SetEnvironmentVariable(User, target.User);
        Environment.SetEnvironmentVariable(Password, target.Password);
        (BuildId, Registry, Repository, Targets) = (request.Build.ToString(), target.Registry, target.Repository, "PublishContainer");
    }
}
