using Releases.Local;

namespace Releases.Tool;

/// <summary>Opens racks by their address: the one place where the tool knows which kinds there are.</summary>
internal static class Racks
{
    public static OpenRack Open(RackAddress address)
    {
        if (address is not RackAddress.OnThisMachine here)
            throw new Problem(
                ProblemCode.NotSupported, $"This version does not know AWS racks yet, so {address} cannot be opened.", "Use the local rack: leave --rack away.").ToException();
        var home = here.Folder is { } folder ? new LocalHome(folder) : LocalHome.Default();
        var rack = LocalRack.Open(home, address.ToString(), TimeProvider.System);
        return new(rack, rack.Daemon);
    }
}
