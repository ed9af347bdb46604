using System.Xml.Linq;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>
/// Of every kind of program that is really published, the bill of materials has what the program's own list has. A single file and a native
/// program have no list beside them: theirs is that of the same program as files, or the build's.
/// </summary>
public sealed class What_the_evidence_lists : IDisposable
{
    private const string Sdk = "Microsoft.NET.Sdk";
    private const string Base = "Microsoft.NETCore.App";
    private const string Web = "Microsoft.AspNetCore.App";

    private readonly Workspace _workspace;

    public What_the_evidence_lists(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.MayRestore();
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Of_a_web_app_with_native_libraries_of_a_package() => await Lists(
        "Microsoft.NET.Sdk.Web", "", [Web, Base], items: $"""<PackageReference Include="Microsoft.Data.Sqlite" Version="{Sqlite}" />""");

    [Fact]
    public async Task Of_a_program_in_FSharp() => await Lists(Sdk, "", [Base], language: "fs");

    [Fact]
    public async Task Of_a_single_file_that_needs_the_runtime() => await Lists(
        Sdk, "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained>", [Base],
        bundled: "-p:PublishSingleFile=true");

    [Fact]
    public async Task Of_a_single_file_that_is_trimmed_and_has_the_runtime() => await Lists(
        Sdk, "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>true</SelfContained><PublishTrimmed>true</PublishTrimmed>", [],
        bundled: "-p:PublishSingleFile=true");

    [Fact]
    public async Task Of_a_native_program()
    {
        Add(Sdk, "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><PublishAot>true</PublishAot>", "", "cs");
        await Release("-p:CppCompilerAndLinker=gcc");
        Assert.False(File.Exists(Published("bin/Release/net10.0/linux-x64/publish")));
        await Has(Published("bin/Release/net10.0/linux-x64"), []);
        var release = (await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)))[0];
        Assert.Contains(Shipped.By(_workspace, release, "hello"), f => f.StartsWith("Hello.dbg ", StringComparison.Ordinal));
    }

    /// <summary>Publishes it as files, and makes a release of it, in one file where an option asks for that.</summary>
    private async Task Lists(
        string sdk, string properties, string[] frameworks, string items = "", string language = "cs", string? bundled = null)
    {
        Add(sdk, properties, items, language);
        var files = Path.Combine(_workspace.Folder, "..", "files");
        (await _workspace.Dotnet("publish", "Hello", "-c", "Release", "-tl:off", "-o", files)).Succeeded();
        await Release(bundled is null ? [] : [bundled]);
        await Has(Path.Combine(files, "Hello.deps.json"), frameworks);
    }

    private async Task Release(params IEnumerable<string> arguments) =>
        (await _workspace.Publish("Hello", ["-p:ConvoxApp=shop", "-p:ConvoxService=hello", .. arguments])).Succeeded();

    private async Task Has(string dependencies, string[] frameworks)
    {
        var release = Assert.Single(await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)));
        await new ReleaseEvidence(_workspace, release, ServiceName.Parse("hello")).Has(dependencies, frameworks);
    }

    private string Published(string folder) => Path.Combine(_workspace.Folder, "Hello", folder, "Hello.deps.json");

    private void Add(string sdk, string properties, string items, string language)
    {
        var compile = language == "fs" ? """<Compile Include="Program.fs" />""" : "";
        _workspace.Write($"Hello/Hello.{language}proj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup><OutputType>Exe</OutputType>{properties}</PropertyGroup>
              <ItemGroup>{items}{compile}</ItemGroup>
            </Project>
            """);
        _workspace.Write($"Hello/Program.{language}", language == "fs" ? "printfn \"Servus\"\n" : "Console.WriteLine(\"Servus\");\n");
    }

    /// <summary>The version that the product itself has, so that it needn't be fetched.</summary>
    private static string Sqlite => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
        .Single(p => p.Attribute("Include")!.Value == "Microsoft.Data.Sqlite").Attribute("Version")!.Value;
}
