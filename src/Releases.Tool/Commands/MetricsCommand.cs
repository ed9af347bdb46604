using System.CommandLine;
using System.Globalization;

namespace Releases.Tool;

/// <summary><c>metrics</c>: shows the traffic of an app's services and the resource usage of its processes.</summary>
internal static class MetricsCommand
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromHours(1);

    public static Command Create(ToolHost host)
    {
        var since = CommonOptions.Span("--since", "Requests of this period, 24h at most (default: 1h)");
        since.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Duration.Read(text) > IMetrics.Kept)
                result.AddError($"--since must be 24h or less, not {text}: older metrics aren't kept.");
        });
        var service = new Option<string[]>("--service", "-s") { HelpName = "service", Description = "Only this service; can be repeated" };
        return new Command("metrics", "Show requests, errors and latencies by service and release, and what processes use")
            { since, service }
            .Example("dotnet convox metrics")
            .Example("dotnet convox metrics --since 10m --service web", "only one service")
            .Example("dotnet convox metrics --since 24h --json", "every minute of a day, for programs")
            .SetHandler(host, async (call, cancel) =>
        {
            var rack = await call.OpenToLook(cancel);
            var app = await rack.Store.RequireApp(call.App, cancel);
            var services = (call.Value(service) ?? []).Select(s => ServiceName.Parse(s)).ToList();
            await rack.Store.RequireServices(app, null, services, cancel);
            var read = (await rack.RequireMetrics().Read(app.Name, call.Value(since) ?? DefaultPeriod, cancel)).Only(services);
            if (call.Json) OutputJson.Write(call.Terminal.Out, MetricsView.Of(read), OutputJson.Indented.MetricsView);
            else Print(call, rack, app, read, await rack.Running.Services(app.Name, cancel));
        });
    }

    private static void Print(Invocation call, Rack rack, App app, AppMetrics read, IReadOnlyList<RunningService> running)
    {
        var served = read.Services.Where(s => HasTraffic(s, read.Processes, running)).ToList();
        if (served.Count == 0 && read.Processes.Count == 0)
        {
            if (!StoppedRack.Say(call, rack, app))
                call.Say($"{app.Name} had no requests and no processes in this period.",
                    Remedy.Do(Operation.ListProcesses, "See its processes"));
            return;
        }

        if (served.Count > 0) PrintTraffic(call, served);
        if (served.Count > 0 && read.Processes.Count > 0) call.Terminal.Out.WriteLine();
        if (read.Processes.Count > 0) PrintProcesses(call, read.Processes);
        else StoppedRack.Say(call, rack, app);
    }

    /// <summary>Determines whether requests reach the release of the service or did; one without a port has nothing to count.</summary>
    private static bool HasTraffic(
        ServiceMetrics service, IReadOnlyList<ProcessMetrics> processes, IReadOnlyList<RunningService> running) =>
        service is not { Traffic: { Requests: 0, Failed: 0 }, InFlight: 0 }
        || (processes.Any(p => p.Service == service.Service && p.Release == service.Release)
            && running.Any(s => s.Service == service.Service && (s.Url ?? s.DirectUrl) is not null));

    private static void PrintTraffic(Invocation call, IReadOnlyList<ServiceMetrics> served)
    {
        var requests = new Table("SERVICE", "RELEASE", "REQUESTS", "5XX", "FAILED", "P50", "P95", "P99", "IN FLIGHT", "RECEIVED", "SENT");
        foreach (var service in served)
            requests.Add(
                service.Service.ToString(), service.Release.ToString(), Number(service.Traffic.Requests),
                Number(service.Traffic.ServerErrors),
                Number(service.Traffic.Failed), UnitFormat.Latency(service.Traffic.P50), UnitFormat.Latency(service.Traffic.P95),
                UnitFormat.Latency(service.Traffic.P99), Number(service.InFlight), UnitFormat.Bytes(service.Traffic.BytesIn),
                UnitFormat.Bytes(service.Traffic.BytesOut));
        requests.Write(call.Terminal, WhereTooWide.Label);
    }

    private static void PrintProcesses(Invocation call, IReadOnlyList<ProcessMetrics> running)
    {
        var processes = new Table("PROCESS", "SERVICE", "RELEASE", "CPU", "MEMORY");
        foreach (var process in running)
            processes.Add(
                process.Id, process.Service.ToString(), process.Release?.ToString(),
                process.Cpu is { } cpu ? string.Create(CultureInfo.InvariantCulture, $"{cpu * 100:0} %") : null,
                UnitFormat.Memory(process.MemoryBytes));
        processes.Write(call.Terminal, WhereTooWide.Label);
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);
}
