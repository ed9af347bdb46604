using System.CommandLine;

namespace Releases.Tool;

/// <summary>Carries a command out and gives its exit code.</summary>
internal delegate Task<int> CommandHandler(Invocation call, CancellationToken cancel);

/// <summary>Gives commands their handlers.</summary>
internal static class CommandHandlers
{
    /// <summary>Runs the handler when the command is invoked.</summary>
    public static Command SetHandler(this Command command, ToolHost host, CommandHandler handler)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            await using var call = new Invocation(host, parsed);
            var code = await Handled(call, handler, cancel);
            await call.DeliverHooks(cancel);
            return code;
        });
        return command;
    }

    /// <summary>What a command reports is printed before its events are delivered; nobody waits for a hook to know.</summary>
    private static async Task<int> Handled(Invocation call, CommandHandler handler, CancellationToken cancel)
    {
        try
        {
            return await handler(call, cancel);
        }
        catch (Exception failure) when (call.IsChange && !cancel.IsCancellationRequested)
        {
            return call.Failed(failure);
        }
    }

    /// <summary>The same for a handler that either succeeds or throws.</summary>
    public static Command SetHandler(this Command command, ToolHost host, Func<Invocation, CancellationToken, Task> handler) =>
        command.SetHandler(host, async (call, cancel) =>
        {
            await handler(call, cancel);
            return ExitCode.Success;
        });
}
