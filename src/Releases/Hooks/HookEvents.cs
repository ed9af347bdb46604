using System.Text.Json;

namespace Releases;

/// <summary>
/// Defines the events that a hook can choose: a group (<c>promotions</c>), one kind (<c>promotionEnded</c>), or <c>all</c>.
/// </summary>
public static class HookEvents
{
    private const string All = "all";
    private const string Promotions = "promotions";
    private const string Releases = "releases";
    private const string Apps = "apps";
    private const string Access = "access";

    /// <summary>The groups.</summary>
    public static IReadOnlyList<string> Groups { get; } = [Promotions, Releases, Apps, Access, All];

    /// <summary>The events of a hook that chooses none.</summary>
    public static IReadOnlyList<string> Default { get; } = [Promotions, Releases];

    /// <summary>Returns the kind as in JSON: <c>promotionEnded</c>.</summary>
    public static string Code(EventKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>
    /// Parses a comma-separated list of groups and kinds. Fails with <see cref="ProblemCode.Usage"/> at one that doesn't exist.
    /// </summary>
    public static IReadOnlyList<string> Parse(string? text)
    {
        var names = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (text is null) return Default;
        if (names.Length == 0) throw Unknown("no events are named").ToException();
        return [.. names.Select(Known).Distinct()];
    }

    /// <summary>Determines whether these groups and kinds include a kind.</summary>
    public static bool Includes(IEnumerable<string> chosen, EventKind kind) =>
        chosen.Any(c => c == All || c == GroupOf(kind) || c == Code(kind));

    private static string GroupOf(EventKind kind)
    {
        var code = Code(kind);
        if (kind is EventKind.Revealed or EventKind.OneOffStarted or EventKind.HookAdded or EventKind.HookRemoved) return Access;
        return code.StartsWith("promotion", StringComparison.Ordinal) ? Promotions
            : code.StartsWith("release", StringComparison.Ordinal) ? Releases
            : Apps;
    }

    private static string Known(string name) =>
        Groups.FirstOrDefault(g => g.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? Enum.GetValues<EventKind>().Select(Code).FirstOrDefault(c => c.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Unknown($"there is no event '{name}'").ToException();

    private static Problem Unknown(string what) => new(
        ProblemCode.Usage, $"{what}; nothing changed.",
        Remedy.FromString($"Choose from {string.Join(", ", Groups)}, or a kind such as {Code(EventKind.PromotionEnded)}.").Or(
            Remedy.Do(Operation.ListEvents, "See kinds", OperationOption.Json)),
        ProblemKind.Usage);
}
