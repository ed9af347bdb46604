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
            return await handler(call, cancel);
        });
        return command;
    }

    /// <summary>The same for a handler that either succeeds or throws.</summary>
    public static Command SetHandler(this Command command, ToolHost host, Func<Invocation, CancellationToken, Task> handler) =>
        command.SetHandler(host, async (call, cancel) =>
        {
            await handler(call, cancel);
            return ExitCode.Success;
        });
}
