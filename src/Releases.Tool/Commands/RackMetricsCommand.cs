using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack metrics</c>: serves the router's metrics as OpenMetrics on loopback.</summary>
internal static class RackMetricsCommand
{
    public static Command Create(ToolHost host)
    {
        var port = CommonOptions.Number("--port", "Serve them on this port of 127.0.0.1", atLeast: 1);
        port.HelpName = "port";
        var off = new Option<bool>("--off") { Description = "Stop serving them" };
        return new Command("metrics", "Serve metrics of the local rack as OpenMetrics") { port, off }
            .Example("dotnet convox rack metrics", "print where they are served")
            .Example("dotnet convox rack metrics --port 9464", "for Prometheus")
            .Example("dotnet convox rack metrics --off")
            .SetHandler(host, (call, cancel) => Run(call, call.Value(port), call.Value(off), cancel));
    }

    private static async Task Run(Invocation call, int? port, bool off, CancellationToken cancel)
    {
        if (port is not null && off) throw Usage("--port and --off can't be combined.", "Leave one of them out.");
        if (port > ushort.MaxValue) throw Usage($"--port must be from 1 to {ushort.MaxValue}, not {port}.", null);
        var rack = await call.OpenToRead(cancel);
        var daemon = rack.Daemon ?? throw new Problem(
            ProblemCode.NotSupported, $"rack {rack.Address} has no router of its own to measure. {rack.MetricsElsewhere}".TrimEnd(),
            "Pass --rack local.", ProblemKind.Usage).ToException();
        if (port is not null || off) await daemon.ServeMetrics(port, cancel);
        Print(call, daemon.MetricsAddress);
        if (daemon is { MetricsAddress: not null, IsAlive: false })
            StoppedRack.Say(call, "No metrics are served now, because the rack is stopped.");
    }

    private static void Print(Invocation call, Uri? address)
    {
        if (call.Json) OutputJson.Write(call.Terminal.Out, new RackMetricsView(address?.ToString()), OutputJson.Indented.RackMetricsView);
        else if (address is not null) call.Terminal.Out.WriteLine(address);
        else call.Say("No metrics are served.", Remedy.Do(Operation.ServeMetrics, "Serve them", "--port", "9464"));
    }

    private static ProblemException Usage(string message, Remedy? remedy) =>
        new Problem(ProblemCode.Usage, message, remedy, ProblemKind.Usage).ToException();
}
