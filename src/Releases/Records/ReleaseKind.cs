using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Specifies how a release was made.</summary>
public enum ReleaseKind
{
    /// <summary>By a build.</summary>
    Build,

    /// <summary>By a change of the environment.</summary>
    Environment,

    /// <summary>As a copy of an older release, to roll back to it.</summary>
    Rollback,
}

/// <summary>Determines how a release was made.</summary>
public static partial class ReleaseKinds
{
    /// <summary>
    /// Returns the kind of a release. A change of the environment is identified by its description, which is unique to it.
    /// </summary>
    public static ReleaseKind Kind(this Release release) =>
        release.CopyOf is not null ? ReleaseKind.Rollback
            : EnvironmentChange().IsMatch(release.Description) ? ReleaseKind.Environment : ReleaseKind.Build;

    [GeneratedRegex("^env( (add|change|remove):[A-Za-z_][A-Za-z0-9_.-]*)+( |$)", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentChange();
}
