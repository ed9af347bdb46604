namespace Releases;

/// <summary>Represents the difference between two environments, by key only.</summary>
/// <param name="Added">Keys that only the newer one has, sorted.</param>
/// <param name="Changed">Keys whose values differ, sorted.</param>
/// <param name="Removed">Keys that only the older one has, sorted.</param>
public sealed record EnvironmentChange(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Removed)
{
    /// <summary>The number of keys that differ.</summary>
    public int Count => Added.Count + Changed.Count + Removed.Count;

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Compares two environments.</summary>
    public static EnvironmentChange Between(EnvironmentSet older, EnvironmentSet newer) => new(
        [.. newer.Keys.Where(k => !older.TryGet(k, out _))],
        [.. newer.Where(v => older.TryGet(v.Key, out var before) && before != v.Value).Select(v => v.Key)],
        [.. older.Keys.Where(k => !newer.TryGet(k, out _))]);

    /// <summary>The description of a release with this change: <c>env add:FOO change:BAR remove:BAZ</c>.</summary>
    public string Description => string.Join(' ',
        [.. Added.Select(k => $"add:{k}"), .. Changed.Select(k => $"change:{k}"), .. Removed.Select(k => $"remove:{k}")])
        is { Length: > 0 } tokens ? "env " + tokens : "";
}
