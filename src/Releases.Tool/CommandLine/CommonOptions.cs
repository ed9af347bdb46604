using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>Arguments and options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<int> Limit(int usual)
    {
        var limit = new Option<int>("--limit") { DefaultValueFactory = _ => usual, HelpName = "n", Description = "List at most this many" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 1)
                result.AddError($"--limit is at least 1, not {text}.");
        });
        return limit;
    }

    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        CustomParser = ReadSpan,
        HelpName = "duration",
        Description = description,
    };

    public static Argument<string> ReleaseArgument() => new("release") { Description = "Id (ROCHMCOUESG) or number (v12)" };

    public static Argument<string?> OptionalRelease(string description) =>
        new("release") { Arity = ArgumentArity.ZeroOrOne, Description = description };

    public static Option<string?> EnvironmentFrom() => new("--from")
    {
        HelpName = "active|release",
        Description = "Release whose environment is used (default: latest)",
    };

    private static TimeSpan? ReadSpan(ArgumentResult result)
    {
        if (Duration.Read(result.Tokens[0].Value) is { } span) return span;
        result.AddError($"'{result.Tokens[0].Value}' is not a duration, such as 90s, 10m or 1h30m.");
        return null;
    }
}
