using System.CommandLine;
using Releases.Local;

namespace Releases.Tool;

/// <summary><c>rack agent</c>: drives the promotions of a rack without a daemon until it is stopped.</summary>
internal static class RackAgentCommand
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    public static Command Create(ToolHost host)
    {
        var image = new Option<bool>("--image") { Description = "Push an image of the agent instead, and print its address" };
        return new Command("agent", "Run an agent, which drives promotions of an AWS rack") { image }
            .Example("dotnet convox rack agent --rack aws://eu-west-1/production", "until Ctrl-C or SIGTERM")
            .Example("dotnet convox rack agent --image --rack aws://eu-west-1/production", "for the template's AgentImage")
            .SetHandler(host, (call, cancel) => call.Value(image) ? PushImage(call, host.Dotnet, cancel) : Run(call, cancel));
    }

    private static async Task PushImage(Invocation call, RunDotnet dotnet, CancellationToken cancel)
    {
        var address = call.RackAddress;
        var setup = address.Kind.Setup ?? throw NoAgent(call);
        var target = await setup.AgentImageTarget(address, call.Time, cancel);
        call.Terminal.Say($"Pushing an image of dotnet convox {ToolVersion.Text} to {target}");
        var pushed = await new AgentImage(dotnet, call.Time).Push(
            ToolCommand.Current(), target, line => call.Terminal.Say(SafeText.Line(line)), cancel);
        call.Terminal.Out.WriteLine(pushed.Address);
        var architecture = pushed.IsArm64 ? ", with AgentArchitecture=ARM64" : "";
        call.Terminal.Say($"Pass it to the template of dotnet convox rack template as AgentImage{architecture}.");
    }

    private static ProblemException NoAgent(Invocation call) => new Problem(
        ProblemCode.NotSupported, $"rack {call.RackAddress} needs no agent: its daemon drives every promotion.",
        RackSetupCommands.PassOther(call), ProblemKind.Usage).ToException();

    private static async Task Run(Invocation call, CancellationToken cancel)
    {
        if (await Open(call, cancel) is not { } rack) return;
        var agent = rack.Agent ?? throw NoAgent(call);
        call.Terminal.Say($"Agent {ToolVersion.Text} running for rack {rack.Address}. Press Ctrl-C to stop.");
        await agent.Run(line => call.Terminal.Say(SafeText.Line(line)), cancel);
        call.Terminal.Say("Agent stopped. Open promotions wait for another agent or command.");
    }

    /// <summary>
    /// Opens the rack, retrying what may soon be over: an agent starts with its machine. Returns null if the agent is stopped meanwhile.
    /// </summary>
    private static async Task<Rack?> Open(Invocation call, CancellationToken cancel)
    {
        var said = false;
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                var rack = await call.OpenToRead(cancel);
                if (said) call.Terminal.Say("The rack can be used now.");
                return rack;
            }
            catch (ProblemException refused) when (call.RackAddress.Kind.MayOpenLater(refused))
            {
                if (!said) call.Say($"The rack can't be used yet: {refused.Problems[0].Message} Retrying.", refused.Problems[0].Remedy);
                said = true;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return null;
            }

            try
            {
                await Task.Delay(pause, call.Time, cancel);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }
}
