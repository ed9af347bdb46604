using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>Arguments and options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<int> Limit(int usual)
    {
        var limit = new Option<int>("--limit") { DefaultValueFactory = _ => usual, HelpName = "n", Description = "How many at most" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 1) result.AddError($"--limit is at least 1, and {text} is not.");
        });
        return limit;
    }

    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        CustomParser = ReadSpan,
        HelpName = "duration",
        Description = description,
    };

    public static Argument<string> ReleaseArgument() => new("release") { Description = "Its id (ROCHMCOUESG) or number (v12)" };

    public static Argument<string?> OptionalRelease(string description) =>
        new("release") { Arity = ArgumentArity.ZeroOrOne, Description = description };

    public static Option<string?> EnvironmentFrom() => new("--from")
    {
        HelpName = "active|release",
        Description = "The release whose environment is meant; else the latest",
    };

    private static TimeSpan? ReadSpan(ArgumentResult result)
    {
        if (Duration.Read(result.Tokens[0].Value) is { } span) return span;
        result.AddError($"'{result.Tokens[0].Value}' is not a duration; 90s, 10m and 1h30m are.");
        return null;
    }
}
