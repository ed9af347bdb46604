namespace Releases;

/// <summary>
/// Variables that a default refers to and that are known only when a process starts, such as its port: they stand between NULs in the
/// value, which no value can have.
/// </summary>
public static class DeferredVariables
{
    private const char Edge = '\0';

    /// <summary>What stands for a variable until a process starts.</summary>
    internal static string Mark(string name) => $"{Edge}{name}{Edge}";

    /// <summary>A value that holds none; null if it does.</summary>
    internal static string? NullIfAny(string? value) => value?.Contains(Edge, StringComparison.Ordinal) == true ? null : value;

    /// <summary>The names that a value refers to.</summary>
    public static IEnumerable<string> NamesIn(string value) => value.Split(Edge).Where((_, i) => i % 2 == 1);

    /// <summary>The value with what is known now; what a process is not given is empty, as in a shell.</summary>
    public static string Resolve(string value, Func<string, string?> find) =>
        value.Contains(Edge, StringComparison.Ordinal)
            ? string.Concat(value.Split(Edge).Select((part, i) => i % 2 == 1 ? find(part) : part)) : value;
}
