namespace Releases.EndToEnd.Tests;

/// <summary>Files that another user of the machine puts where everyone can write. MSBuild, the SDK, NuGet and git look for them from a
/// folder upward, and each of these breaks whoever reads it.</summary>
internal static class StrayFiles
{
    private const string Broken = "<Project><Import Project=\"nowhere\" /></Project>";

    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in ((string, string)[])
            [
                ("Directory.Build.rsp", "-noSuchSwitch"), ("Directory.Build.props", Broken), ("Directory.Build.targets", Broken),
                ("Directory.Packages.props", Broken), ("Directory.Solution.props", Broken), ("Directory.Solution.targets", Broken),
                ("global.json", """{"sdk":{"version":"99.0.100","rollForward":"disable"},"msbuild-sdks":{"Microsoft.NET.Sdk":"99.0.0"}}"""),
                ("nuget.config", "this is no configuration"), ("NuGet.Config", "nor is this"), (".git", "gitdir: nowhere"),
                (".editorconfig", "[*.cs]\ndotnet_diagnostic.CS8019.severity = error"),
            ]) File.WriteAllText(Path.Combine(folder, name), text);
    }
}
