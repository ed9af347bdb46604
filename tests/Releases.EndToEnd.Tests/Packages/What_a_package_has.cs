using System.Reflection.PortableExecutable;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Packages;

/// <summary>What a person sees of a package on its page, and what a program that checks it finds in it.</summary>
public sealed class What_a_package_has(PackedPackages packed)
{
    private const double Megabyte = 1_000_000;

    /// <summary>The most megabytes that each may have. 13 of the two largest are SQLite's and git's native libraries for eight systems.</summary>
    private static readonly Dictionary<string, double> Budgets = new()
    {
        ["dotnet-convox"] = 0.1,
        ["dotnet-convox.any"] = 18,
        ["dotnet-convox.linux-x64"] = 15,
        ["dotnet-convox.linux-arm64"] = 15,
        ["Releases.Tasks"] = 16.5,
    };

    [Fact]
    public void Is_a_page_of_its_own() => Each((id, package) =>
    {
        Assert.Equal("Apache-2.0", package.Manifest("license"));
        Assert.Contains("rollback", package.Manifest("tags"), StringComparison.Ordinal);
        Assert.NotEmpty(package.Manifest("description"));
        Assert.StartsWith(NewestChange(), package.Manifest("releaseNotes"), StringComparison.Ordinal);
        Assert.Equal(("README.md", "icon.png"), (package.Manifest("readme"), package.Manifest("icon")));
        Assert.Contains(id == "Releases.Tasks" ? "dotnet add package Releases.Tasks" : "dotnet tool install", package.Text("README.md"), StringComparison.Ordinal);
        Assert.Equal([0x89, .. "PNG"u8], package.Content("icon.png")[..4]);
    });

    [Fact]
    public void Is_a_bill_of_materials_that_lists_every_dependency() => Each((id, package) =>
    {
        // A native program has no list of its own: it is made of what the one for any system is made of, and of the runtime.
        using var listed = Open(id == "Releases.Tasks" ? id : "dotnet-convox.any");
        Assert.NotEmpty(listed.Dependencies());
        Assert.Empty(listed.Dependencies().Except(package.Materials()));
        if (IsNative(id)) Assert.Contains(package.Materials(), m => m.StartsWith("Microsoft.NETCore.App.Runtime", StringComparison.Ordinal));
    });

    [Fact]
    public void Is_no_larger_than_its_budget() => Each((id, package) =>
        Assert.True(package.Size <= Budgets[id] * Megabyte, $"{id} has {package.Size / Megabyte:0.0} MB; its budget is {Budgets[id]} MB."));

    [Theory]
    [InlineData("dotnet-convox.any", "dotnet-convox.dll")]
    [InlineData("dotnet-convox.any", "Releases.Local.Daemon.dll")]
    [InlineData("Releases.Tasks", "Releases.Tasks.dll")]
    [InlineData("Releases.Tasks", "Releases.dll")]
    public void Is_its_symbols_in_its_assemblies(string id, string assembly)
    {
        using var package = Open(id);
        Assert.DoesNotContain(package.Files, f => f.EndsWith(".pdb", StringComparison.Ordinal));
        using var program = new PEReader(new MemoryStream(package.Content(package.Files.Single(f => f.EndsWith($"/{assembly}", StringComparison.Ordinal)))));
        Assert.Contains(program.ReadDebugDirectory(), d => d.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
    }

    /// <summary>All that build/pack.sh made: a native one only where it compiles one.</summary>
    private void Each(Action<string, Package> check)
    {
        var ids = Package.In(packed.Feed).Keys;
        Assert.Empty(((string[])["dotnet-convox", "dotnet-convox.any", "Releases.Tasks"]).Except(ids));
        foreach (var id in ids)
        {
            using var package = Open(id);
            check(id, package);
        }
    }

    private Package Open(string id) => new(Package.In(packed.Feed)[id]);

    private static bool IsNative(string id) => id.StartsWith("dotnet-convox.linux-", StringComparison.Ordinal);

    private static string NewestChange() =>
        File.ReadLines(Path.Combine(Repository.Root, "CHANGELOG.md")).First(l => l.StartsWith("## ", StringComparison.Ordinal))[3..];
}
