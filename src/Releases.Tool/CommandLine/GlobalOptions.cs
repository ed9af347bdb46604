using System.CommandLine;

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
}
