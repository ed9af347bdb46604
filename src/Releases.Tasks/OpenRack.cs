using Releases.Aws;
using Releases.Local;

namespace Releases.Tasks;

/// <summary>Opens racks by their address: the one place where the tasks know which kinds there are.</summary>
internal static class OpenRack
{
    public static async Task<Rack> At(RackAddress address, CancellationToken cancel) => address switch
    {
        RackAddress.OnThisMachine local => LocalRack.Open(
            local.Folder is { } folder ? new LocalHome(folder) : LocalHome.Default(), local.ToString(), TimeProvider.System),
        RackAddress.OnAws aws => await AwsRack.Open(aws, _ => { }, TimeProvider.System, cancel),
        _ => throw new InvalidOperationException($"There is no rack such as {address}."),
    };
}
