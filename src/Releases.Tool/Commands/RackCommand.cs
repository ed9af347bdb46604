using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack</c>: shows the status of the rack and manages its daemon, if it has one.</summary>
internal static class RackCommand
{
    private static readonly Option<bool> AtBoot = new("--at-boot") { Description = "Also start it at boot, with a systemd user unit" };

    public static Command Create(ToolHost host)
    {
        var command = new Command("rack", "Show the rack; start, stop or set it up")
        {
            new Command("start", "Start the local rack and its services") { AtBoot }
                .Example("dotnet convox rack start")
                .Example("dotnet convox rack start --at-boot", "and at every boot")
                .SetHandler(host, Start),
            new Command("stop", "Stop the local rack and its services").Example("dotnet convox rack stop").SetHandler(host, Stop),
            new Command("restart", "Restart the local rack with this version of the tool")
                .Example("dotnet convox rack restart", "after an update")
                .SetHandler(host, Restart),
            new Command("status", "Show the rack").Example("dotnet convox rack status --json").SetHandler(host, Status),
        };
        command.Add(RackAgentCommand.Create(host));
        command.Add(RackMetricsCommand.Create(host));
        foreach (var backup in RackBackupCommands.Create(host)) command.Add(backup);
        foreach (var setup in RackSetupCommands.Create(host)) command.Add(setup);
        return command.Example("dotnet convox rack").SetHandler(host, Status);
    }

    private static async Task Status(Invocation call, CancellationToken cancel) => Print(
        call, await (FindDaemon(call)?.Status(cancel) ?? (await call.OpenToLook(cancel)).Status(cancel)));

    private static async Task Start(Invocation call, CancellationToken cancel)
    {
        var daemon = await Daemon(call, cancel);
        Print(call, await (call.Value(AtBoot) ? daemon.StartAtBoot(cancel) : daemon.Start(cancel)));
        await new WaitForServices(call.Operations(await call.OpenToRead(cancel))).Run(cancel);
    }

    private static async Task Restart(Invocation call, CancellationToken cancel)
    {
        var daemon = await Daemon(call, cancel);
        RackStatus status;
        using (cancel.Register(() => call.Terminal.Say(
            "note: a restart that has stopped the rack also starts it again. Press Ctrl-C again to end now; the next "
                + "command that changes something then starts the rack.")))
            status = await daemon.Restart(cancel);
        Print(call, status);
        await new WaitForServices(call.Operations(await call.OpenToRead(cancel))).Run(cancel);
    }

    private static async Task Stop(Invocation call, CancellationToken cancel)
    {
        // A rack whose records can't be read can be stopped, too.
        var stopped = await (FindDaemon(call) ?? throw NoDaemon(call)).Stop(cancel);
        if (stopped.WasRunning) call.Say("Stopped the rack and its services.", Remedy.Do(Operation.StartRack, "Start it again"));
        else call.Terminal.Say("The rack wasn't running.");
        if (stopped.NotRecorded is { } problem) call.Terminal.Say($"note: {call.Remedies.Line(problem)}");
        await SayUnfinished(call, cancel);
        if (call.Json) await Status(call, cancel);
    }

    private static async Task SayUnfinished(Invocation call, CancellationToken cancel)
    {
        try
        {
            await SayUnfinished(call, (await call.OpenToRead(cancel)).Store, cancel);
        }
        catch (ProblemException unreadable)
        {
            // The rack has stopped, so this isn't a failure.
            call.Terminal.Say($"note: open promotions can't be listed: {call.Remedies.Line(unreadable.Problems[0])}");
        }
    }

    private static async Task SayUnfinished(Invocation call, IReleaseStore store, CancellationToken cancel)
    {
        foreach (var app in await store.ListPromoting(cancel))
        {
            try
            {
                if (await store.FindLock(app, cancel) is { } open)
                    call.Terminal.Say(
                        $"The promotion of {await store.Label(app, open.Release, cancel)} in {app} isn't finished. "
                            + "It continues when the rack starts.");
            }
            catch (ProblemException unreadable)
            {
                call.Terminal.Say($"A promotion in {app} isn't finished: {unreadable.Problems[0].Message}");
            }
        }
    }

    private static void Print(Invocation call, RackStatus status)
    {
        if (status.RouterProblem is { } problem) call.Terminal.Say($"note: {problem}");
        if (status.Version is { } other && other != ToolVersion.Text)
            call.Terminal.Say($"note: the daemon has version {other}, this tool {ToolVersion.Text}; {Update(other)}");
        if (call.Json) OutputJson.Write(call.Terminal.Out, RackView.Of(status), OutputJson.Indented.RackView);
        else PrintFacts(call, status);
    }

    private static void PrintFacts(Invocation call, RackStatus status)
    {
        var facts = new Table();
        facts.Add("Address", status.Address);
        facts.Add("Kind", status.Kind);
        facts.Add("Status", status.State.ToCell());
        if (status.Pid is { } pid) facts.Add("Pid", pid.ToString());
        if (status.Version is { } version) facts.Add("Daemon", version);
        facts.Add("Tool", ToolVersion.Text);
        foreach (var agent in status.Agents ?? []) facts.Add("Agent", AgentText.From(agent, call.Now));
        if (status.Agents is []) facts.Add("Agent", "none; commands drive their promotions");
        if (status.RouterPort is { } port) facts.Add("Router", $"http://localhost:{port}");
        if (status.StartedAt is { } started) facts.Add("Started", RelativeTime.Of(started, call.Now));
        facts.Write(call.Terminal);
    }

    /// <summary>Returns how to bring the tool and the daemon to the same version. Different versions work together.</summary>
    private static string Update(string daemon) => ToolVersion.IsBelow(daemon)
        ? "update this tool: dotnet tool update dotnet-convox"
        : "restart the rack to update it: dotnet convox rack restart";

    /// <summary>Returns the daemon of a rack whose records can be read, without which it couldn't start.</summary>
    private static async Task<IRackDaemon> Daemon(Invocation call, CancellationToken cancel)
    {
        if (FindDaemon(call) is null) throw NoDaemon(call);
        return (await call.OpenToRead(cancel)).Daemon ?? throw NoDaemon(call);
    }

    private static IRackDaemon? FindDaemon(Invocation call)
    {
        var daemon = call.RackAddress.Kind.Daemon(call.RackAddress, call.Time);
        daemon?.Waiting = what => call.Terminal.Say($"note: {what}");
        return daemon;
    }

    private static ProblemException NoDaemon(Invocation call) => new Problem(
        ProblemCode.NotSupported, $"rack {call.RackAddress} has no daemon to start or stop; nothing changed.",
        "Pass --rack local.", ProblemKind.Usage).ToException();
}
