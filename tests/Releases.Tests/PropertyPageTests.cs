using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tests;

/// <summary>docs/msbuild.md has every property that the targets read or set, and no other.</summary>
public sealed partial class PropertyPageTests
{
    [Fact]
    public void The_page_has_the_properties_of_the_targets()
    {
        var targets = string.Concat(((string[])["Releases.Tasks.targets", "Release.targets", "Staging.targets"])
            .Select(f => File.ReadAllText(Path.Combine(Repository.Root, "build", f))));
        var read = Names(Read().Matches(targets)).Except(["ConvoxTasksAssembly"]);
        var set = Names(Set().Matches(targets));
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "msbuild.md"));
        Assert.Equal(read.Union(set).Order(), Names(Documented().Matches(page)).Order());
    }

    private static IEnumerable<string> Names(MatchCollection matches) => matches.Select(m => m.Groups["name"].Value).Distinct();

    [GeneratedRegex(@"\$\((?<name>Convox\w+)\)")]
    private static partial Regex Read();

    [GeneratedRegex("PropertyName=\"(?<name>Convox\\w+)\"")]
    private static partial Regex Set();

    [GeneratedRegex("`(?:-getProperty:)?(?<name>Convox[A-Z]\\w+)(?:=true)?`")]
    private static partial Regex Documented();
}
