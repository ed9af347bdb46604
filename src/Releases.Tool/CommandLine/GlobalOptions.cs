using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>Defines the options that every command has.</summary>
internal static class GlobalOptions
{
    public const string App = "--app";
    public const string Rack = "--rack";
    public const string Json = "--json";
    public const string Debug = "--debug";

    public static IEnumerable<Option> All() =>
    [
        new Option<string?>(App, "-a")
            { Recursive = true, HelpName = "app", Description = "App (default: CONVOX_APP, .convox/app, the folder's name)" },
        new Option<string?>(Rack, "-r")
            { Recursive = true, HelpName = "rack", Description = "Rack (default: CONVOX_RACK, .convox/rack, local)" },
        new Option<bool>(Json) { Recursive = true, Description = "Print JSON" },
        new Option<bool>(Debug) { Recursive = true, Description = "Print the stack trace of an unexpected error" },
    ];

    /// <summary>
    /// Returns the formatter of remedies as commands for the app and the rack on a command line, which may be one that can't be parsed.
    /// </summary>
    public static RemedyText Remedies(ParseResult parsed, ToolHost host) => new(
        parsed.GetResult("app") is ArgumentResult { Tokens: [{ Value: var named }] } ? named : Text(parsed, App), Text(parsed, Rack))
    {
        NewApp = () => host.CurrentFolder is { } folder ? AppSettings.NameToPass(folder, host.Variable) : null,
        // A remedy of an operation is the same for all of its commands; not all of them have its option.
        Change = option => Has(parsed, new OperationOption(option.Name).ToString()) ? RemedyText.AsOption(option) : null,
    };

    private static bool Has(ParseResult parsed, string option)
    {
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
            if (command.Command.Options.Any(o => o.Name == option && (o.Recursive || command == parsed.CommandResult))) return true;
        return false;
    }

    /// <summary>Determines whether a switch is on, on a command line which may be one that can't be parsed.</summary>
    public static bool IsOn(ParseResult parsed, string option) =>
        parsed.GetResult(option) is OptionResult { Errors: var errors } result && !errors.Any() && result.GetValueOrDefault<bool>();

    /// <summary>Returns the value of an option, or null if it has none or more than one, for which <c>GetValue</c> throws.</summary>
    public static string? Text(ParseResult parsed, string option) =>
        parsed.GetResult(option) is OptionResult { Tokens: [{ Value.Length: > 0 } token] } ? token.Value : null;
}
