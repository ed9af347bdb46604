using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>ps</c>: the processes of an app.</summary>
internal static class PsCommand
{
    public static Command Create(ToolHost host) => new Command("ps", "List the processes that run").Example("dotnet convox ps").SetHandler(host, List);

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var live = await LiveStatus.Read(app, rack, cancel);
        var processes = await rack.Running.Processes(app.Name, cancel);

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, [.. processes.Select(p => View(p, live))], OutputJson.Indented.IReadOnlyListProcessView);
            return;
        }

        if (processes.Count > 0) Print(call, processes, live);
        else if (live.Status != "stopped") call.Terminal.Say($"{app.Name} runs no processes{(app.Active is null ? ": no release of it was promoted yet; promote one with: dotnet convox promote" : ".")}");
        Differences.Tell(call.Terminal, live);
    }

    private static void Print(Invocation call, IReadOnlyList<RunningProcess> processes, LiveStatus live)
    {
        var table = new Table("ID", "SERVICE", "STATUS", "RELEASE", "UPTIME", "RESTARTS", "MEMORY");
        foreach (var process in processes)
            table.Add(
                process.Id, process.Service.ToString(), Status(process, live), process.Release?.ToString(),
                UnitFormat.Uptime(call.Now - process.StartedAt), process.Restarts.ToString(), UnitFormat.Memory(process.MemoryBytes));
        table.Write(call.Terminal, WhereTooWide.Fold);
    }

    public static Cell Status(RunningProcess process, LiveStatus live) => live.HasDrifted(process)
        ? new($"{StatusText.Code(process.Status)}, drifted", TextStyle.Bad)
        : new(StatusText.Code(process.Status), process.Status switch
        {
            ProcessStatus.Healthy => TextStyle.Good,
            ProcessStatus.Unhealthy => TextStyle.Bad,
            _ => TextStyle.Busy,
        });

    private static ProcessView View(RunningProcess process, LiveStatus live) => new(
        process.Id, process.Service.ToString(), StatusText.Code(process.Status), process.Release?.ToString(), live.HasDrifted(process), process.StartedAt,
        process.Restarts, process.ProcessId, process.MemoryBytes);
}
