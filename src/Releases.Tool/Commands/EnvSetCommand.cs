using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env set</c>: a release with some variables set.</summary>
internal static class EnvSetCommand
{
    public static Command Create(Surroundings outside)
    {
        var pairs = new Argument<string[]>("KEY=value") { Arity = ArgumentArity.ZeroOrMore, Description = "What to set; none, or -, reads lines from standard input" };
        var replace = new Option<bool>("--replace") { Description = "Remove every variable that is not set here" };
        var options = new ChangeOptions();
        var command = new Command("set", "Set variables, which makes a release") { pairs, replace };
        options.AddTo(command);
        return command.Does(outside, (call, cancel) => EnvironmentRelease.Make(
            call, new(Variables(call.Terminal, call.Value(pairs) ?? []), [], call.Value(replace)), options.Of(call), cancel));
    }

    /// <summary>What is given and what is piped in; of one key the last counts, and what is given after what is piped in.</summary>
    private static EnvironmentSet Variables(ITerminal terminal, string[] arguments)
    {
        var given = arguments.Where(a => a != "-").Select(Pair).ToList();
        var variables = EnvironmentSet.Of(given);
        if (given.Count > 0 && !arguments.Contains("-")) return variables;

        if (terminal.InIsTerminal) terminal.Say("Type lines of KEY=value, and Ctrl-D at the end.");
        variables = EnvironmentSet.Of([.. EnvironmentText.Read(terminal.In), .. given]);
        return variables.Count > 0 ? variables : throw new Problem(
            ProblemCode.Usage, "No variable was given, and none came from standard input; nothing was changed.",
            "Say for example: dotnet convox env set NAME=value", ProblemKind.Usage).ToException();
    }

    private static KeyValuePair<string, string> Pair(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? new(argument[..at], argument[(at + 1)..])
            : throw new Problem(
                ProblemCode.Usage, "An argument is not of the form KEY=value; nothing was changed.", "Say for example: dotnet convox env set NAME=value", ProblemKind.Usage).ToException();
}
