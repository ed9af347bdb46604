using System.Reflection.PortableExecutable;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Packages;

/// <summary>What a person sees of a package on its page, and what a program that checks it finds in it.</summary>
public sealed class What_a_package_has(PackedPackages packed)
{
    private const double Megabyte = 1_000_000;
    private const double LibrariesOfASystem = 1.7;

    /// <summary>The most characters of release notes that nuget.org takes.</summary>
    private const int MostNotes = 35_000;

    /// <summary>The most megabytes that each may have; CONTRIBUTING.md tells what fills them.</summary>
    private static readonly Dictionary<string, double> Budgets = new()
    {
        ["dotnet-convox"] = 0.1,
        ["dotnet-convox.any"] = 14.5,
        ["dotnet-convox.linux-x64"] = 18.75,
        ["dotnet-convox.linux-arm64"] = 18.75,
        ["Releases.Tasks"] = 22.75,
    };

    [Fact]
    public void Is_a_page_of_its_own() => Each((id, package) =>
    {
        Assert.Equal("Apache-2.0", package.Manifest("license"));
        Assert.Contains("rollback", package.Manifest("tags"), StringComparison.Ordinal);
        Assert.NotEmpty(package.Manifest("description"));
        Assert.StartsWith($"{ToolVersion.Text}\n\n", package.Manifest("releaseNotes").ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.InRange(package.Manifest("releaseNotes").Length, 200, MostNotes);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")), package.Text("CHANGELOG.md"));
        Assert.Equal(("README.md", "icon.png"), (package.Manifest("readme"), package.Manifest("icon")));
        Assert.Contains(id == "Releases.Tasks" ? "dotnet add package Releases.Tasks" : "dotnet tool install", package.Text("README.md"),
            StringComparison.Ordinal);
        Assert.Equal([0x89, .. "PNG"u8], package.Content("icon.png")[..4]);
    });

    [Fact]
    public void Is_a_bill_of_materials_that_lists_every_dependency() => Each((id, package) =>
    {
        // A native program has no list of its own: it is made of what the one for any system is made of, and of the runtime.
        using var listed = Open(id == "Releases.Tasks" ? id : "dotnet-convox.any");
        Assert.NotEmpty(listed.Dependencies());
        Assert.Empty(listed.Dependencies().Except(package.Materials()));
        Assert.Empty(CycloneDxSchema.Problems(package.Content("bom.cdx.json")));
        if (IsNative(id))
            Assert.Contains(package.Materials(), m => m.StartsWith("Microsoft.NETCore.App.Runtime", StringComparison.Ordinal));
    });

    [Fact]
    public void Is_no_larger_than_its_budget() => Each((id, package) =>
        Assert.True(package.Size <= Budget(id) * Megabyte, $"{id} has {package.Size / Megabyte:0.0} MB; its budget is {Budget(id)} MB."));

    [Fact]
    public void Is_native_libraries_only_for_systems_that_use_them()
    {
        string[] usual = ["linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"];
        var own = Package.In(packed.Feed).Keys.Where(IsNative).Select(id => id["dotnet-convox.".Length..]).ToList();
        foreach (var (id, systems) in ((string, IEnumerable<string>)[])[("Releases.Tasks", usual),
            ("dotnet-convox.any", usual.Except(own))])
        {
            using var package = Open(id);
            Assert.Equal(systems, SystemsOf(package, "e_sqlite3"));
            Assert.Equal(systems.Where(s => s.StartsWith("linux", StringComparison.Ordinal)), SystemsOf(package, "git2"));
        }
    }

    [Theory]
    [InlineData("dotnet-convox.any", "dotnet-convox.dll")]
    [InlineData("dotnet-convox.any", "Releases.Local.Daemon.dll")]
    [InlineData("Releases.Tasks", "Releases.Tasks.dll")]
    [InlineData("Releases.Tasks", "Releases.dll")]
    public void Is_its_symbols_in_its_assemblies(string id, string assembly)
    {
        using var package = Open(id);
        Assert.DoesNotContain(package.Files, f => f.EndsWith(".pdb", StringComparison.Ordinal));
        var files = package.Files.Where(f => f.EndsWith($"/{assembly}", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var program = new PEReader(new MemoryStream(package.Content(file)));
            Assert.Contains(program.ReadDebugDirectory(), d => d.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        }
    }

    [Theory]
    [InlineData("Releases.Tasks.dll")]
    [InlineData("Releases.dll")]
    [InlineData("Releases.Local.dll")]
    [InlineData("Microsoft.Data.Sqlite.dll")]
    public void Is_what_each_build_loads_compiled_ahead_for_this_system_and_for_none_beside(string assembly)
    {
        using var package = Open("Releases.Tasks");
        var compiled = package.Files.Where(f => f.EndsWith($"/{assembly}", StringComparison.Ordinal))
            .ToDictionary(f => f.Split('/')[1], f => IsCompiled(package.Content(f)));
        Assert.False(compiled["net10.0"]);
        // With the native program, as build/pack.sh makes both or none.
        Assert.Equal(Package.In(packed.Feed).ContainsKey("dotnet-convox.linux-x64"), compiled.GetValueOrDefault("linux-x64"));
        Assert.Empty(compiled.Keys.Except(["net10.0", "linux-x64"]));
    }

    private static bool IsCompiled(byte[] assembly)
    {
        using var program = new PEReader(new MemoryStream(assembly));
        return program.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
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

    private static IEnumerable<string> SystemsOf(Package package, string library) => package.Files
        .Where(f => f.Contains("/runtimes/", StringComparison.Ordinal) && f.Split('/')[^1].Contains(library, StringComparison.Ordinal))
        .Select(f => f.Split("/runtimes/")[1].Split('/')[0]).Order(StringComparer.Ordinal);

    /// <summary>Where no native program was packed, the one for any system has the libraries of this system too.</summary>
    private double Budget(string id) =>
        Budgets[id] + (id == "dotnet-convox.any" && !Package.In(packed.Feed).ContainsKey("dotnet-convox.linux-x64")
            ? LibrariesOfASystem
            : 0);

    private Package Open(string id) => new(Package.In(packed.Feed)[id]);

    private static bool IsNative(string id) => id.StartsWith("dotnet-convox.linux-", StringComparison.Ordinal);
}
