namespace Releases;

/// <summary>
/// Marks variables that a default refers to but that are known only when a process starts, such as its port. A mark is the name between
/// NULs, which no value can contain.
/// </summary>
public static class DeferredVariables
{
    private const char Edge = '\0';

    /// <summary>Returns the mark of a variable.</summary>
    internal static string Mark(string name) => $"{Edge}{name}{Edge}";

    /// <summary>Returns the value, or null if it contains a mark.</summary>
    internal static string? NullIfAny(string? value) => value?.Contains(Edge, StringComparison.Ordinal) == true ? null : value;

    /// <summary>Returns the names of the variables that are marked in a value.</summary>
    public static IEnumerable<string> NamesIn(string value) => value.Split(Edge).Where((_, i) => i % 2 == 1);

    /// <summary>
    /// Replaces the marks with the variables that are now known; one that the process doesn't have is empty, as in a shell.
    /// </summary>
    public static string Resolve(string value, Func<string, string?> find) =>
        value.Contains(Edge, StringComparison.Ordinal)
            ? string.Concat(value.Split(Edge).Select((part, i) => i % 2 == 1 ? find(part) : part)) : value;
}
