using System.CommandLine;
using System.CommandLine.Invocation;

namespace Releases.Tool;

/// <summary>Implements <c>--help</c>: prints the help of the command before it.</summary>
internal sealed class PrintHelp(ITerminal terminal) : SynchronousCommandLineAction
{
    /// <summary>The width of the help if standard output isn't a terminal.</summary>
    private const int PipedWidth = 80;

    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var width = terminal.OutIsTerminal ? terminal.Width : PipedWidth;
        HelpText.Of(parseResult.CommandResult.Command).Write(terminal.Out, width, terminal is { OutIsTerminal: true, Color: true });
        return ExitCode.Success;
    }
}
