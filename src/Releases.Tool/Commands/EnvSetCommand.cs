using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env set</c>: a release with some variables set.</summary>
internal static class EnvSetCommand
{
    public static Command Create(Surroundings outside)
    {
        var pairs = new Argument<string[]>("KEY=value") { Arity = ArgumentArity.ZeroOrMore, Description = "What to set; KEY=@file takes a file's text; none, or -, reads lines from standard input" };
        var files = new Option<string[]>("--file", "-f") { HelpName = ".env", Description = "Set what a .env file has" };
        var replace = new Option<bool>("--replace") { Description = "Remove every variable that is not set here" };
        var options = new ChangeOptions();
        var command = new Command("set", "Set variables, which makes a release") { pairs, files, replace };
        options.AddTo(command);
        return command.Does(outside, (call, cancel) => EnvironmentRelease.Make(
            call, new(new StatedVariables(call).Of(call.Value(pairs) ?? [], call.Value(files) ?? []), [], call.Value(replace)), options.Of(call), cancel));
    }
}
