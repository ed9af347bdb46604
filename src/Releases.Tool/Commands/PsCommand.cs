using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>ps</c>: the processes of an app.</summary>
internal static class PsCommand
{
    public static Command Create(Surroundings outside) => new Command("ps", "List the processes that run").Example("dotnet convox ps").Does(outside, List);

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var reality = await Reality.Of(app, rack, cancel);
        var processes = await rack.Running.Processes(app.Name, cancel);

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, [.. processes.Select(p => View(p, reality))], OutputJson.Indented.IReadOnlyListProcessView);
            return;
        }

        if (processes.Count > 0) Print(call, processes, reality);
        else if (reality.Status != "stopped") call.Terminal.Say($"{app.Name} runs no processes{(app.Active is null ? ": no release of it was promoted yet; promote one with: dotnet convox promote" : ".")}");
        Differences.Tell(call.Terminal, reality);
    }

    private static void Print(Invocation call, IReadOnlyList<RunningProcess> processes, Reality reality)
    {
        var table = new Table("ID", "SERVICE", "STATUS", "RELEASE", "UPTIME", "RESTARTS", "MEMORY");
        foreach (var process in processes)
            table.Add(
                process.Id, process.Service.ToString(), Status(process, reality), process.Release?.ToString(),
                Measures.Uptime(call.Now - process.StartedAt), process.Restarts.ToString(), Measures.Memory(process.MemoryBytes));
        table.Write(call.Terminal, WhereTooWide.Fold);
    }

    public static Cell Status(RunningProcess process, Reality reality) => reality.HasDrifted(process)
        ? new($"{process.Status}, drifted", Tone.Bad)
        : new(process.Status, process.Status switch
        {
            "healthy" => Tone.Good,
            "unhealthy" or "backing off" => Tone.Bad,
            _ => Tone.Busy,
        });

    private static ProcessView View(RunningProcess process, Reality reality) => new(
        process.Id, process.Service.ToString(), process.Status, process.Release?.ToString(), reality.HasDrifted(process), process.StartedAt,
        process.Restarts, process.ProcessId, process.MemoryBytes);
}
