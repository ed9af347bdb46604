using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Releases.Tool;

/// <summary><c>--version</c>: the version alone, without the commit.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(
            typeof(PrintVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
        return Verb.Done;
    }
}
