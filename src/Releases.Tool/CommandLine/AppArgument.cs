using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>
/// Creates the argument of commands that take their app as one. They have the option <c>--app</c> too, which can't name another app.
/// </summary>
internal static class AppArgument
{
    public static Argument<string> Required() => WithOneName(new Argument<string>("app") { Description = "Name" });

    public static Argument<string?> Optional() => WithOneName(
        new Argument<string?>("app") { Arity = ArgumentArity.ZeroOrOne, Description = "Name (default: the app of this folder)" });

    private static T WithOneName<T>(T argument) where T : Argument
    {
        argument.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } name }]
                && result.GetResult(GlobalOptions.App) is OptionResult { Tokens: [{ Value: var other }] }
                && !string.Equals(name, other, StringComparison.OrdinalIgnoreCase))
                result.AddError($"'{name}' and {GlobalOptions.App} '{other}' are two apps. Leave one of them out.");
        });
        return argument;
    }
}
