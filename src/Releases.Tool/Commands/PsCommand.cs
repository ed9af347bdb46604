using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>ps</c>: lists the processes of an app.</summary>
internal static class PsCommand
{
    public static Command Create(ToolHost host) => new Command("ps", "List processes").Example("dotnet convox ps").SetHandler(host, List);

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
        else if (!live.IsStopped) call.Say(
            $"{app.Name} has no running processes{(app.Active is null ? ": no release has been promoted yet." : ".")}",
            app.Active is null ? await PromotionOffer.OfLatest(rack.Store, app, "Promote one", cancel) : null);
        await Drift.Print(call, rack, live);
    }

    private static void Print(Invocation call, IReadOnlyList<RunningProcess> processes, LiveStatus live)
    {
        var table = new Table("ID", "SERVICE", "STATUS", "RELEASE", "UPTIME", "RESTARTS", "MEMORY");
        foreach (var process in processes)
            table.Add(
                process.Id, process.Service.ToString(), live.CellOf(process), process.Release?.ToString(),
                UnitFormat.Uptime(call.Now - process.StartedAt), process.Restarts.ToString(), UnitFormat.Memory(process.MemoryBytes));
        table.Write(call.Terminal, WhereTooWide.Label);
    }

    private static ProcessView View(RunningProcess process, LiveStatus live) => new(
        process.Id, process.Service.ToString(), StatusText.Code(process.Status), process.Release?.ToString(), live.HasDrifted(process),
        process.StartedAt,
        process.Restarts, process.ProcessId, process.MemoryBytes);
}
