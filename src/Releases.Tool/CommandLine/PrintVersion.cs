using System.CommandLine;
using System.CommandLine.Invocation;

namespace Releases.Tool;

/// <summary>Implements <c>--version</c>: prints the version alone, without the commit.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ToolVersion.Text);
        return ExitCode.Success;
    }
}
