using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>Arguments and options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<int> Limit(int usual)
    {
        var limit = new Option<int>("--limit") { DefaultValueFactory = _ => usual, HelpName = "n", Description = "List at most this many" };
        limit.Validators.Add(result => RequireAtLeast(result, limit.Name, 1));
        return limit;
    }

    /// <summary>Refuses <c>--all</c> together with <c>--limit</c>.</summary>
    public static void ExcludesLimit(this Command command, Option<bool> all, Option<int> limit) => command.Validators.Add(result =>
    {
        if (result.GetResult(limit) is { Implicit: false } && result.GetValue(all))
            result.AddError("--all and --limit can't be combined. Leave one of them out.");
    });

    public static Option<int?> Number(string name, string description, int atLeast)
    {
        var number = new Option<int?>(name) { HelpName = "n", Description = description };
        number.Validators.Add(result => RequireAtLeast(result, name, atLeast));
        return number;
    }

    /// <summary>Creates an option for a duration of at least one second or, with <paramref name="orNone"/>, of zero as well.</summary>
    public static Option<TimeSpan?> Span(string name, string description, bool orNone = false) => new(name)
    {
        CustomParser = result => ReadSpan(result, orNone ? null : name),
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

    private static void RequireAtLeast(OptionResult result, string name, int least)
    {
        if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < least)
            result.AddError($"{name} must be at least {least}, not {text}.");
    }

    private static TimeSpan? ReadSpan(ArgumentResult result, string? notNone)
    {
        var text = result.Tokens[0].Value;
        var span = Duration.Read(text);
        if (span is null) result.AddError($"'{text}' isn't a duration such as 90s, 10m, 1h30m or 7d, ten years at most.");
        else if (span == TimeSpan.Zero && notNone is not null) result.AddError($"{notNone} must be at least 1s, not {text}.");
        return span;
    }
}
