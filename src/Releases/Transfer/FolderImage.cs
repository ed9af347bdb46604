using System.Text.Json;

namespace Releases;

/// <summary>Represents a publish folder as an image with one layer: its manifest and its configuration.</summary>
/// <param name="Root">The manifest.</param>
/// <param name="Pieces">The configuration, the layer and the manifest.</param>
/// <param name="Documents">The content of the configuration and of the manifest, by digest.</param>
public sealed record FolderImage(
    OciDescriptor Root, IReadOnlyList<OciDescriptor> Pieces, IReadOnlyDictionary<string, byte[]> Documents)
{
    /// <summary>The folder of the files in the image, without a slash at either end.</summary>
    public const string Folder = "app";

    /// <summary>The label in the configuration with the digest of the folder, which differs from that of every piece.</summary>
    private const string ArtifactLabel = "dotnet-convox.artifact";

    /// <summary>The architecture of a folder that isn't specific to one.</summary>
    private const string Any = "unknown";

    /// <summary>Returns the image of a folder.</summary>
    /// <param name="artifact">The folder.</param>
    /// <param name="layer">The layer with its files, as a tar.</param>
    public static FolderImage Of(Artifact artifact, OciDescriptor layer)
    {
        var program = $"/{Folder}/{artifact.EntryPoint}";
        var settings = JsonSerializer.SerializeToUtf8Bytes(
            new(
                Architecture(artifact), "linux", new OciRun
                {
                    WorkingDir = $"/{Folder}",
                    Entrypoint = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program],
                    Labels = new SortedDictionary<string, string> { [ArtifactLabel] = artifact.Digest },
                }, new("layers", [layer.Digest])), OciJson.Default.OciConfig);
        var config = new OciDescriptor(OciTypes.Config, OciPieces.DigestOf(settings), settings.Length);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new() { MediaType = OciTypes.Manifest, Config = config, Layers = [layer] }, OciJson.Default.OciManifest);
        var root = new OciDescriptor(OciTypes.Manifest, OciPieces.DigestOf(manifest), manifest.Length);
        return new(root, [config, layer, root], new Dictionary<string, byte[]> { [config.Digest] = settings, [root.Digest] = manifest });
    }

    /// <summary>Returns the architecture by its name in OCI, which is Go's.</summary>
    private static string Architecture(
        Artifact artifact) => artifact.RuntimeIdentifiers is not [var only] ? Any : only[(only.LastIndexOf('-') + 1)..] switch
        {
            "x64" => "amd64",
            "x86" => "386",
            "arm" => "arm",
            "arm64" => "arm64",
            _ => Any,
        };
}
