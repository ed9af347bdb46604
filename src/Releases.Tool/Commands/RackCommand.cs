using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack</c>: the state of the rack, and of its daemon where it has one.</summary>
internal static class RackCommand
{
    private static readonly Option<bool> AtBoot = new("--at-boot") { Description = "And with every start of the machine, as a systemd user unit" };

    public static Command Create(ToolHost host)
    {
        var command = new Command("rack", "Show the state of the rack; start and stop it, set one up on AWS")
        {
            new Command("start", "Start the local rack's daemon, and with it what was running") { AtBoot }
                .Example("dotnet convox rack start")
                .Example("dotnet convox rack start --at-boot", "and after every start of the machine")
                .SetHandler(host, Start),
            new Command("stop", "Stop the local rack's daemon and everything that it runs").Example("dotnet convox rack stop").SetHandler(host, Stop),
            new Command("restart", "Stop the local rack's daemon and start it from this version")
                .Example("dotnet convox rack restart", "after an update of the tool")
                .SetHandler(host, Restart),
            new Command("status", "Show the state of the rack").Example("dotnet convox rack status --json").SetHandler(host, Status),
        };
        foreach (var setup in RackSetupCommands.Create(host)) command.Add(setup);
        return command.Example("dotnet convox rack").SetHandler(host, Status);
    }

    private static async Task Status(Invocation call, CancellationToken cancel) => Print(call, await (await call.OpenToLook(cancel)).Status(cancel));

    private static async Task Start(Invocation call, CancellationToken cancel)
    {
        var daemon = await Daemon(call, cancel);
        var status = await daemon.Start(cancel);
        if (call.Value(AtBoot)) await daemon.StartAtBoot(cancel);
        Print(call, status);
        await new WaitForServices(call.Operations(await call.OpenToRead(cancel))).Run(cancel);
    }

    private static async Task Restart(Invocation call, CancellationToken cancel)
    {
        Print(call, await (await Daemon(call, cancel)).Restart(cancel));
        await new WaitForServices(call.Operations(await call.OpenToRead(cancel))).Run(cancel);
    }

    private static async Task Stop(Invocation call, CancellationToken cancel)
    {
        var ran = await (await Daemon(call, cancel)).Stop(cancel);
        call.Terminal.Say(ran ? "Stopped, and with it everything that it ran; start it again with: dotnet convox rack start" : "It did not run.");
        if (call.Json) await Status(call, cancel);
    }

    private static void Print(Invocation call, RackStatus status)
    {
        if (status.RouterProblem is { } problem) call.Terminal.Say($"note: {problem}");
        if (status.Version is { } other && other != ToolVersion.Text)
            call.Terminal.Say($"note: the daemon is {other}, this tool is {ToolVersion.Text}; {Update(other)}");
        if (call.Json) OutputJson.Write(call.Terminal.Out, RackView.Of(status), OutputJson.Indented.RackView);
        else PrintFacts(call, status);
    }

    private static void PrintFacts(Invocation call, RackStatus status)
    {
        var facts = new Table();
        facts.Add("Address", status.Address);
        facts.Add("Kind", status.Kind);
        facts.Add("Status", new Cell(status.State, LiveStatus.StyleOf(status.State)));
        if (status.Pid is { } pid) facts.Add("Pid", pid.ToString());
        if (status.Version is { } version) facts.Add("Daemon", version);
        facts.Add("Tool", ToolVersion.Text);
        if (status.RouterPort is { } port) facts.Add("Router", $"http://localhost:{port}");
        if (status.StartedAt is { } started) facts.Add("Started", RelativeTime.Of(started, call.Now));
        facts.Write(call.Terminal);
    }

    /// <summary>Both work together; this is for whoever wants them to be the same.</summary>
    private static string Update(string daemon) => ToolVersion.IsBelow(daemon)
        ? "dotnet tool update dotnet-convox brings this tool up to date"
        : "dotnet convox rack restart brings it up to date, and restarts what it runs";

    private static async Task<IRackDaemon> Daemon(Invocation call, CancellationToken cancel) =>
        (await call.OpenToRead(cancel)).Daemon
        ?? throw new Problem(
            ProblemCode.NotSupported, $"The rack {call.RackAddress} has no daemon to start or stop; nothing was changed.",
            "Name a local rack with: --rack local", ProblemKind.Usage).ToException();
}
