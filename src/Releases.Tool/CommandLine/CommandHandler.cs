using System.CommandLine;

namespace Releases.Tool;

/// <summary>Runs a command and returns its exit code.</summary>
internal delegate Task<int> CommandHandler(Invocation call, CancellationToken cancel);

/// <summary>Provides extension methods that set the handlers of commands.</summary>
internal static class CommandHandlers
{
    /// <summary>Sets the handler that runs when the command is invoked.</summary>
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

    /// <summary>
    /// Runs the handler and reports its failure before the command's events are delivered, so that the output doesn't wait for hooks. Lost
    /// output makes a success fail; any other outcome keeps its exit code.
    /// </summary>
    private static async Task<int> Handled(Invocation call, CommandHandler handler, CancellationToken cancel)
    {
        try
        {
            var code = await handler(call, cancel);
            if (call.Terminal.FinishedWithoutOutput() is not { } lost) return code;
            var failed = call.Failed(lost.ToException());
            return code == ExitCode.Success ? failed : code;
        }
        catch (Exception failure) when (call.IsChange && !cancel.IsCancellationRequested)
        {
            return call.Failed(failure);
        }
    }

    /// <summary>Sets a handler that either succeeds or throws.</summary>
    public static Command SetHandler(this Command command, ToolHost host, Func<Invocation, CancellationToken, Task> handler) =>
        command.SetHandler(host, async (call, cancel) =>
        {
            await handler(call, cancel);
            return ExitCode.Success;
        });
}
