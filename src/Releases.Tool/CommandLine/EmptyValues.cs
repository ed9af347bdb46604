using System.CommandLine;

namespace Releases.Tool;

/// <summary>
/// Refuses empty names: <c>--app "$APP"</c> and <c>promote "$RELEASE"</c> with a variable that isn't set would act on the default.
/// </summary>
internal static class EmptyValues
{
    /// <summary>A text without a meaning to the tool; an empty one is the same as none.</summary>
    private const string FreeText = "text";

    public static void Refuse(Command command)
    {
        foreach (var option in command.Options.Where(o => IsText(o.ValueType) && o.HelpName != FreeText))
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(t => t.Value.Length == 0)) result.AddError($"{option.Name} needs a value, not an empty one.");
            });
        foreach (var argument in command.Arguments.Where(a => a.ValueType == typeof(string)))
            argument.Validators.Add(result =>
            {
                if (result.Tokens.Any(t => t.Value.Length == 0)) result.AddError($"<{argument.Name}> is empty.");
            });
        foreach (var inner in command.Subcommands) Refuse(inner);
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);
}
