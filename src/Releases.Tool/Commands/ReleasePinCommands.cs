using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases pin</c> and <c>releases unpin</c>: exclude a release from pruning, or include it again.</summary>
internal static class ReleasePinCommands
{
    public static IEnumerable<Command> Create(ToolHost host)
    {
        var pinned = CommonOptions.ReleaseArgument();
        yield return new Command("pin", "Pin a release: never prune it") { pinned }
            .Example("dotnet convox releases pin v12", "keep what is released to customers")
            .SetHandler(host, (call, cancel) => Change(call, call.Value(pinned)!, pin: true, cancel));
        var unpinned = CommonOptions.ReleaseArgument();
        yield return new Command("unpin", "Unpin a release") { unpinned }
            .Example("dotnet convox releases unpin v12")
            .SetHandler(host, (call, cancel) => Change(call, call.Value(unpinned)!, pin: false, cancel));
    }

    private static async Task Change(Invocation call, string named, bool pin, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var (operation, reference) = (new PinRelease(call.Operations(rack)), ReleaseReference.Parse(named));
        var (release, changed) = pin ? await operation.Pin(app, reference, cancel) : await operation.Unpin(app, reference, cancel);
        var label = release.Label;
        call.Terminal.Say((pin, changed) switch
        {
            (true, true) => $"{label} is pinned: it keeps its artifacts.",
            (true, false) => $"{label} is pinned already.",
            (false, true) => $"{label} is unpinned: it is pruned when it is old enough.",
            _ => $"{label} isn't pinned.",
        });
        if (!call.Json) return;
        var status = await AppStatus.Read(await rack.Store.RequireApp(app.Name, cancel), rack.Store, cancel);
        OutputJson.Write(call.Terminal.Out, ReleaseView.Of(release, status), OutputJson.Indented.ReleaseView);
    }
}
