using System.Reflection;

namespace Releases;

/// <summary>The version of this tool, daemon or task package. Any of them may meet any other in a rack.</summary>
public static class ToolVersion
{
    /// <summary>For example <c>0.1.0</c>, without the commit.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether this version is lower than another one, as far as their numbers tell: two previews of one number do not differ in
    /// it.</summary>
    public static bool IsBelow(string other) =>
        Version.TryParse(Numbers(Text), out var mine) && Version.TryParse(Numbers(other), out var theirs) && mine < theirs;

    /// <summary>Whether this version is higher than another one, likewise.</summary>
    public static bool IsAbove(string other) =>
        Version.TryParse(Numbers(Text), out var mine) && Version.TryParse(Numbers(other), out var theirs) && mine > theirs;

    private static string Numbers(string version) => version.Split('-', '+')[0];
}
