using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env unset</c>: makes a release without some variables.</summary>
internal static class EnvUnsetCommand
{
    public static Command Create(ToolHost host)
    {
        var keys = new Argument<string[]>("key") { Arity = ArgumentArity.OneOrMore, Description = "Names of the variables" };
        keys.Validators.Add(result =>
        {
            if (result.Tokens.Select(t => t.Value).FirstOrDefault(k => !EnvironmentSet.IsKey(k)) is { } wrong)
                result.AddError(Wrong(wrong));
        });
        var options = new EnvironmentCommandOptions();
        var command = new Command("unset", "Remove variables; makes a release") { keys };
        options.AddTo(command);
        return command
            .Example("dotnet convox env unset LOG_LEVEL GREETING")
            .SetHandler(host, (call, cancel) => ApplyEnvironmentChange.Run(
                call, () => new([], call.Value(keys)!), options, isStated: true, cancel));
    }

    /// <summary>Returns why a word isn't the name of a variable; it doesn't repeat what may be a secret.</summary>
    private static string Wrong(string word) => word switch
    {
        "" => "<key> is empty; nothing changed.",
        _ when word.Contains('=', StringComparison.Ordinal) =>
            $"pass {SafeText.Line(word[..word.IndexOf('=', StringComparison.Ordinal)])} without '=' and a value. Nothing changed.",
        _ => $"'{SafeText.Line(word)}' isn't a valid variable name; nothing changed.",
    };
}
