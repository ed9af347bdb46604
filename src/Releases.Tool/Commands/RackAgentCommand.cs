using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack agent</c>: drives the promotions of a rack that has no daemon, until it is stopped.</summary>
internal static class RackAgentCommand
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    public static Command Create(ToolHost host) =>
        new Command("agent", "Run an agent, which drives promotions of an AWS rack")
            .Example("dotnet convox rack agent --rack aws://eu-west-1/production", "until Ctrl-C or SIGTERM")
            .SetHandler(host, Run);

    private static async Task Run(Invocation call, CancellationToken cancel)
    {
        if (await Open(call, cancel) is not { } rack) return;
        var agent = rack.Agent ?? throw new Problem(
            ProblemCode.NotSupported, $"rack {rack.Address} needs no agent: its daemon drives every promotion.",
            "Pass --rack aws://<region>/<cluster>.",
            ProblemKind.Usage).ToException();
        call.Terminal.Say($"Agent {ToolVersion.Text} running for rack {rack.Address}. Press Ctrl-C to stop.");
        await agent.Run(line => call.Terminal.Say(SafeText.Line(line)), cancel);
        call.Terminal.Say("Agent stopped. What is open waits for another agent or command.");
    }

    /// <summary>An agent starts with its machine, so what AWS refuses may be there in a moment. Null: it was stopped before.</summary>
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
            catch (ProblemException refused) when (refused.IsTransient() || refused.Is(ProblemCode.AwsAccess))
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
