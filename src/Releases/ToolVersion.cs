using System.Reflection;

namespace Releases;

/// <summary>Provides the version of this tool, daemon or task package. Different versions may be used with the same rack.</summary>
public static class ToolVersion
{
    /// <summary>The version without the commit, for example <c>0.2.0</c>.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>
    /// Determines whether this version is lower than another one, comparing only the numbers: previews of the same version count as equal.
    /// </summary>
    public static bool IsBelow(string other) =>
        Version.TryParse(Numbers(Text), out var mine) && Version.TryParse(Numbers(other), out var theirs) && mine < theirs;

    /// <summary>Determines whether this version is higher than another one, comparing only the numbers.</summary>
    public static bool IsAbove(string other) =>
        Version.TryParse(Numbers(Text), out var mine) && Version.TryParse(Numbers(other), out var theirs) && mine > theirs;

    private static string Numbers(string version) => version.Split('-', '+')[0];
}
