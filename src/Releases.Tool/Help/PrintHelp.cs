using System.CommandLine;
using System.CommandLine.Invocation;

namespace Releases.Tool;

/// <summary><c>--help</c>: prints the help of the command that it stands behind.</summary>
internal sealed class PrintHelp(ITerminal terminal) : SynchronousCommandLineAction
{
    /// <summary>What help is wide where no screen says otherwise.</summary>
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
