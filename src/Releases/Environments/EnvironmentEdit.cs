namespace Releases;

/// <summary>A change that is applied to the environment as it is when it is applied.</summary>
/// <param name="Set">Keys and values to set.</param>
/// <param name="Unset">Keys to remove; one that is not there is no error.</param>
/// <param name="Replace">Whether everything that is not set goes.</param>
public sealed record EnvironmentEdit(
    IReadOnlyCollection<KeyValuePair<string, string>> Set, IReadOnlyCollection<string> Unset, bool Replace = false)
{
    /// <summary>The environment after it.</summary>
    public EnvironmentSet ApplyTo(EnvironmentSet before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return (Replace ? EnvironmentSet.Empty : before).With(Set, Unset);
    }

    /// <summary>Prints no value.</summary>
    public override string ToString() => $"set {Set.Count}, unset {Unset.Count}{(Replace ? ", replace" : "")}";
}
