using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env set</c>: makes a release with some variables set.</summary>
internal static class EnvSetCommand
{
    public static Command Create(ToolHost host)
    {
        var pairs = new Argument<string[]>("KEY=value")
        { Arity = ArgumentArity.ZeroOrMore, Description = "Variables; KEY=@file takes the text of a file; - reads standard input" };
        var files = new Option<string[]>("--file", "-f") { HelpName = ".env", Description = "Set the variables of a .env file" };
        var replace = new Option<bool>("--replace") { Description = "Remove every other variable" };
        var options = new EnvironmentCommandOptions();
        var command = new Command("set", "Set variables; makes a release") { pairs, files, replace };
        options.AddTo(command);
        return command
            .Example("dotnet convox env set LOG_LEVEL=debug GREETING=\"Good morning\"", "make a release; promote it whenever you like")
            .Example("dotnet convox env set LOG_LEVEL=debug --promote", "and promote it")
            .Example("dotnet convox env set --file .env TLS_KEY=@key.pem", "from files")
            .Example("sops decrypt live.env | dotnet convox env set -", "from a pipe")
            .SetHandler(host, (call, cancel) => ApplyEnvironmentChange.Run(
                call, () => new(new VariableArguments(call).Of(call.Value(pairs) ?? [], call.Value(files) ?? []), [], call.Value(replace)),
                options, isStated: true, cancel));
    }
}
