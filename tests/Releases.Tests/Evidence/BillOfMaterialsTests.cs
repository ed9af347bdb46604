using System.Text.Json;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Evidence;

/// <summary>A bill of materials has everything that the program's own dependencies file has, and the form that CycloneDX 1.6 asks
/// for.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convox-sbom-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>What .NET wrote for the programs of this repository that the test was built with: packages, projects, native
    /// libraries.</summary>
    public static TheoryData<string> Programs() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "*.deps.json").Select(f => Path.GetFileName(f)[..^".deps.json".Length])];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_library_of_a_real_program_is_in_it_with_version_and_hash(string program)
    {
        var libraries = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, program + ".deps.json")))!["libraries"]!
            .AsObject();
        var bom = Written(AppContext.BaseDirectory, program);
        IsWellFormed(bom);
        var all = bom["components"]!.AsArray().Append(bom["metadata"]!["component"])
            .ToDictionary(c => c!["bom-ref"]!.GetValue<string>(), c => c!.AsObject());
        foreach (var (key, library) in libraries)
        {
            var component = all[key];
            Assert.Equal(key, $"{component["name"]}/{component["version"]}");
            if (library!["sha512"]!.GetValue<string>() is { Length: > 0 } hash)
                Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(hash["sha512-".Length..])),
                    component["hashes"]![0]!["content"]!.GetValue<string>());
            Assert.Equal(library["type"]!.GetValue<string>() == "package", component["purl"] is not null);
        }
    }

    [Fact]
    public void A_program_that_brings_its_runtime_lists_the_runtime_as_a_package()
    {
        Write("Hello.deps.json", """
            { "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
              "targets": { ".NETCoreApp,Version=v10.0": {}, ".NETCoreApp,Version=v10.0/linux-x64": {
                "Hello/1.2.0": { "dependencies": { "Shared": "1.0.0", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64": "10.0.1" } },
                "Shared/1.0.0": {}, "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.1": {} } },
              "libraries": { "Hello/1.2.0": { "type": "project", "sha512": "" }, "Shared/1.0.0": { "type": "project", "sha512": "" },
                "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.1": { "type": "runtimepack", "sha512": "" } } }
            """);
        var bom = Written(_folder.FullName, "Hello");
        IsWellFormed(bom);
        Assert.Equal(("Hello", "1.2.0"), ($"{bom["metadata"]!["component"]!["name"]}", $"{bom["metadata"]!["component"]!["version"]}"));
        Assert.Contains("pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.1", Purls(bom));
    }

    [Fact]
    public void A_program_that_needs_shared_frameworks_lists_them_as_such()
    {
        Write("Hello.deps.json", """
            { "runtimeTarget": { "name": "net" }, "targets": { "net": { "Hello/1.0.0": {} } }, "libraries": { "Hello/1.0.0": { "type": "project", "sha512": "" } } }
            """);
        Write("Hello.runtimeconfig.json", """
            { "runtimeOptions": { "frameworks": [{ "name": "Microsoft.NETCore.App", "version": "10.0.0" }, { "name": "Microsoft.AspNetCore.App", "version": "10.0.0" }] } }
            """);
        var bom = Written(_folder.FullName, "Hello");
        IsWellFormed(bom);
        Assert.Equal(["Microsoft.AspNetCore.App", "Microsoft.NETCore.App"],
            bom["components"]!.AsArray().Where(c => $"{c!["type"]}" == "framework").Select(c => $"{c!["name"]}"));
    }

    [Fact]
    public void A_native_program_lists_what_was_restored_for_it()
    {
        var hash = Convert.ToBase64String([.. Enumerable.Range(0, 64).Select(n => (byte)n)]);
        Write("project.assets.json", """
            { "version": 3, "targets": { "net10.0": { "Other/1.0.0": { "type": "package" } },
                "net10.0/linux-x64": { "Json/13.0.3": { "type": "package", "dependencies": { "Text": "4.0.0" } }, "Text/4.0.0": { "type": "package" } } },
              "libraries": { "Json/13.0.3": { "sha512": "HASH", "type": "package" }, "Text/4.0.0": { "sha512": "HASH", "type": "package" }, "Other/1.0.0": { "sha512": "HASH", "type": "package" } },
              "projectFileDependencyGroups": { "net10.0": [ "Json >= 13.0.3" ] }, "project": { "version": "2.0.0" } }
            """.Replace("HASH", hash, StringComparison.Ordinal));
        var bom = Written(_folder.FullName, "Hello", Path.Combine(_folder.FullName, "project.assets.json"));
        IsWellFormed(bom);
        Assert.Equal(["pkg:nuget/Json@13.0.3", "pkg:nuget/Text@4.0.0"], Purls(bom));
        Assert.Equal("2.0.0", $"{bom["metadata"]!["component"]!["version"]}");
        Assert.StartsWith("000102030405", $"{bom["components"]![0]!["hashes"]![0]!["content"]}", StringComparison.Ordinal);
        Assert.Equal(["Json/13.0.3"], bom["dependencies"]![0]!["dependsOn"]!.AsArray().Select(d => $"{d}"));
        Assert.Equal(["Text/4.0.0"],
            bom["dependencies"]!.AsArray().Single(d => $"{d!["ref"]}" == "Json/13.0.3")!["dependsOn"]!.AsArray().Select(d => $"{d}"));
    }

    [Fact]
    public void A_program_without_any_package_has_one_too()
    {
        Write("Hello.deps.json", """
            { "runtimeTarget": { "name": "net" }, "targets": { "net": { "Hello/1.0.0": { "runtime": { "Hello.dll": {} } } } }, "libraries": { "Hello/1.0.0": { "type": "project", "serviceable": false, "sha512": "" } } }
            """);
        var bom = Written(_folder.FullName, "Hello");
        IsWellFormed(bom);
        Assert.Empty(bom["components"]!.AsArray());
    }

    [Theory]
    [InlineData("\"type\": \"library\"", "\"type\": \"libary\"")]
    [InlineData("\"alg\": \"SHA-512\"", "\"alg\": \"SHA512\"")]
    [InlineData("\"bomFormat\": \"CycloneDX\"", "\"bomFormat\": \"SPDX\"")]
    [InlineData("\"name\": \"xunit.v3.assert\",", "")]
    public void The_schema_refuses_what_is_wrong(string right, string wrong)
    {
        var bom = System.Text.Encoding.UTF8.GetString(
            BillOfMaterials.Write(Read(AppContext.BaseDirectory, "Releases.Tests")!));
        Assert.Contains(right, bom, StringComparison.Ordinal);
        Assert.NotEmpty(CycloneDxSchema.Problems(System.Text.Encoding.UTF8.GetBytes(bom.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void Without_any_of_these_files_there_is_none()
    {
        Assert.Null(Read(_folder.FullName, "Hello"));
        Assert.Null(Read(_folder.FullName, "Hello", Path.Combine(_folder.FullName, "missing.json")));
    }

    private static IEnumerable<string> Purls(JsonNode bom) =>
        bom["components"]!.AsArray().Select(c => c!["purl"]?.GetValue<string>()).OfType<string>();

    private static ProgramDependencies? Read(string folder, string program, string? dependencies = null) => ProgramDependencies.Read(
        new(new(program + ".csproj", null, IsWeb: false), folder, program) { DependenciesFile = dependencies });

    private static JsonNode Written(string folder, string program, string? assets = null)
    {
        var dependencies = Read(folder, program, assets)!;
        var text = BillOfMaterials.Write(dependencies);
        Assert.Equal(text, BillOfMaterials.Write(Read(folder, program, assets)!));
        Assert.Empty(CycloneDxSchema.Problems(text));
        return JsonNode.Parse(text)!;
    }

    /// <summary>What the schema of CycloneDX 1.6 demands of the members that are there.</summary>
    private static void IsWellFormed(JsonNode bom)
    {
        Assert.Equal(("CycloneDX", "1.6", 1),
            (bom["bomFormat"]!.GetValue<string>(), bom["specVersion"]!.GetValue<string>(), bom["version"]!.GetValue<int>()));
        Assert.Equal(["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"], bom.AsObject().Select(m => m.Key));
        var components = bom["components"]!.AsArray().Append(bom["metadata"]!["component"]).Select(c => c!.AsObject()).ToList();
        Assert.All(components, c =>
        {
            Assert.Contains($"{c["type"]}", (string[])["application", "framework", "library"]);
            Assert.NotEmpty($"{c["name"]}");
            Assert.Subset(new HashSet<string> { "type", "bom-ref", "name", "version", "purl", "hashes" }, c.Select(m => m.Key).ToHashSet());
            foreach (var hash in c["hashes"]?.AsArray() ?? []) Assert.Equal(JsonValueKind.String, hash!["content"]!.GetValueKind());
        });
        var refs = components.Select(c => $"{c["bom-ref"]}").ToList();
        Assert.Equal(refs.Count, refs.Distinct().Count());
        var graph = bom["dependencies"]!.AsArray();
        Assert.Equal(refs.Order(StringComparer.Ordinal), graph.Select(d => $"{d!["ref"]}").Order(StringComparer.Ordinal));
        Assert.All(graph.SelectMany(d => d!["dependsOn"]!.AsArray()), d => Assert.Contains($"{d}", refs));
        Assert.All(graph,
            d => Assert.Equal(d!["dependsOn"]!.AsArray().Count, d["dependsOn"]!.AsArray().Select(n => $"{n}").Distinct().Count()));
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);
}
