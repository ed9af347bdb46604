using System.Globalization;

namespace Releases;

/// <summary>Represents a user's reference to a release: by id (<c>ROCHMCOUESG</c>) or by number (<c>v12</c>), in any case.</summary>
/// <param name="Id">The id, if one was given.</param>
/// <param name="Number">The number, if one was given.</param>
public readonly record struct ReleaseReference(ReleaseId? Id, long? Number)
{
    /// <summary>Refers to the release with this id.</summary>
    public static implicit operator ReleaseReference(ReleaseId id) => new(id, null);

    /// <summary>Parses either form. Fails with <see cref="ProblemCode.IllegalName"/>.</summary>
    public static ReleaseReference Parse(string text)
    {
        if (ReleaseId.Read(text) is { } id) return new(id, null);
        var trimmed = text.Trim();
        if (trimmed.Length > 1 && trimmed[0] is 'v' or 'V'
            && long.TryParse(trimmed.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return new(null, number);
        throw new Problem(
            ProblemCode.IllegalName, $"'{text}' isn't a release, which is an id such as ROCHMCOUESG or a number such as v12.",
            Remedy.Do(Operation.ListReleases, "List releases"), ProblemKind.Usage).ToException();
    }

    /// <inheritdoc/>
    public override string ToString() => Id?.ToString() ?? $"v{Number}";
}
