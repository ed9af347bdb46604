using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>MSBuild publishes it once for each platform, and pushes it to a registry that lets in nobody without its login.</summary>
public sealed class An_image_for_several_platforms(PackedPackages packages) : IAsyncLifetime
{
    private const string Repository = "convox/shop-web";
    private const string Elsewhere = "-p:ContainerArchiveOutputPath=image.tar.gz";

    private readonly AwsStage _aws = new(packages, OciRegistry.OneLogin);

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Workspace.Write("Web/Web.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <OutputType>Exe</OutputType><UseAppHost>false</UseAppHost><SelfContained>false</SelfContained>
                <EnableRuntimePackDownload>false</EnableRuntimePackDownload><EnableAppHostPackDownload>false</EnableAppHostPackDownload>
                <RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers>
                <ContainerRuntimeIdentifiers>linux-x64;linux-arm64</ContainerRuntimeIdentifiers>
                <ContainerBaseImage>{_aws.BaseImage}</ContainerBaseImage>
              </PropertyGroup>
              <Target Name="Spa" BeforeTargets="PrepareForPublish">
                <WriteLinesToFile File="$(PublishDir)wwwroot/spa.txt" Lines="$(RuntimeIdentifier)" Overwrite="true" />
              </Target>
            </Project>
            """);
        await _aws.Do("rack", "init");
    }

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Has_the_files_of_each_by_a_publish()
    {
        (await _aws.Workspace.Publish("Web", Elsewhere)).Succeeded();
        await HasEach(_aws.Workspace.ReleaseFile("Web").GetProperty("build").GetString()!);
    }

    [Fact]
    public async Task Has_the_files_of_each_by_a_build()
    {
        await _aws.Do("build", "--", Elsewhere);
        await HasEach(JsonDocument.Parse(await _aws.Do("builds", "--json")).RootElement[0].GetProperty("id").GetString()!);
    }

    private async Task HasEach(string build)
    {
        var index = await _aws.Registry.Manifest(Repository, build);
        var files = await Task.WhenAll(index["manifests"]!.AsArray().Select(m => Spa(Digest(m))));
        Assert.Equal(["linux-arm64", "linux-x64"], files.Order());
        Assert.Empty(Directory.GetFiles(_aws.Workspace.Folder, "image.tar.gz", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(_aws.Workspace.Folder, "Web/obj/Release/net10.0/linux-x64/convox/publish")));
    }

    /// <summary>What the target of the project wrote for an image's platform.</summary>
    private async Task<string> Spa(string digest)
    {
        var manifest = await _aws.Registry.Manifest(Repository, digest);
        await using var zip = new GZipStream(
            new MemoryStream(await _aws.Registry.Blob(Repository, Digest(manifest["layers"]!.AsArray()[^1]))), CompressionMode.Decompress);
        await using var tar = new TarReader(zip);
        while (await tar.GetNextEntryAsync() is { } entry)
            if (entry.Name.EndsWith("/wwwroot/spa.txt", StringComparison.Ordinal))
                return (await new StreamReader(entry.DataStream!).ReadToEndAsync()).Trim();
        return $"no spa.txt in {digest}";
    }

    private static string Digest(JsonNode? node) => node!["digest"]!.GetValue<string>();
}
