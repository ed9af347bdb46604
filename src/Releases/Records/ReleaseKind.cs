using System.Text.RegularExpressions;

namespace Releases;

/// <summary>How a release came about.</summary>
public enum ReleaseKind
{
    /// <summary>A publish.</summary>
    Build,

    /// <summary>A change of the environment.</summary>
    Environment,

    /// <summary>A copy of an older release, made to roll back to it.</summary>
    Rollback,
}

/// <summary>Tells how a release came about.</summary>
public static partial class ReleaseKinds
{
    /// <summary>Its kind. A change of the environment is known by its description, which nothing but it has.</summary>
    public static ReleaseKind Kind(this Release release) =>
        release.CopyOf is not null ? ReleaseKind.Rollback
            : EnvironmentChange().IsMatch(release.Description) ? ReleaseKind.Environment : ReleaseKind.Build;

    [GeneratedRegex("^env( (add|change|remove):[A-Za-z_][A-Za-z0-9_.-]*)+( |$)", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentChange();
}
