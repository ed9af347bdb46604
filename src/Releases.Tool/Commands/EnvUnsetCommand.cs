using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env unset</c>: makes a release without some variables.</summary>
internal static class EnvUnsetCommand
{
    public static Command Create(ToolHost host)
    {
        var keys = new Argument<string[]>("key") { Arity = ArgumentArity.OneOrMore, Description = "Names of the variables" };
        var options = new EnvironmentCommandOptions();
        var command = new Command("unset", "Remove variables; makes a release") { keys };
        options.AddTo(command);
        return command
            .Example("dotnet convox env unset LOG_LEVEL GREETING")
            .SetHandler(host, (call, cancel) => ApplyEnvironmentChange.Run(
                call, () => new([], call.Value(keys)!), options, isStated: true, cancel));
    }
}
