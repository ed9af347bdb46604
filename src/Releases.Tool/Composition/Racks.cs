using Releases.Aws;
using Releases.Local;

namespace Releases.Tool;

/// <summary>Opens racks by their address: the one place where the tool knows which kinds there are.</summary>
internal static class Racks
{
    public static async Task<OpenRack> Open(RackAddress address, Action<string> tell, CancellationToken cancel)
    {
        if (address is RackAddress.OnAws aws) return new(await AwsRack.Open(aws, tell, TimeProvider.System, cancel), null);
        var here = (RackAddress.OnThisMachine)address;
        var home = here.Folder is { } folder ? new LocalHome(folder) : LocalHome.Default();
        var rack = LocalRack.Open(home, address.ToString(), TimeProvider.System);
        return new(rack, rack.Daemon);
    }
}
