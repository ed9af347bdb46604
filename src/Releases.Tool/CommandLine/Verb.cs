using System.CommandLine;

namespace Releases.Tool;

/// <summary>What a command does; the number is the exit code.</summary>
internal delegate Task<int> Deed(Invocation call, CancellationToken cancel);

/// <summary>How a deed becomes a command.</summary>
internal static class Verb
{
    /// <summary>The exit code of what was done.</summary>
    public const int Done = 0;

    /// <summary>Gives a command its deed.</summary>
    public static Command Does(this Command command, Surroundings outside, Deed deed)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            await using var call = new Invocation(outside, parsed);
            return await deed(call, cancel);
        });
        return command;
    }

    /// <summary>Gives a command its deed, which cannot but succeed or throw.</summary>
    public static Command Does(this Command command, Surroundings outside, Func<Invocation, CancellationToken, Task> deed) =>
        command.Does(outside, async (call, cancel) =>
        {
            await deed(call, cancel);
            return Done;
        });
}
