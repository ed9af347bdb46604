using System.Text.Json;

namespace Releases;

/// <summary>A publish folder as an image with one layer: what its manifest and its settings say.</summary>
/// <param name="Root">The manifest.</param>
/// <param name="Pieces">Settings, layer and manifest.</param>
/// <param name="Documents">The content of settings and manifest, by digest.</param>
public sealed record FolderImage(
    OciDescriptor Root, IReadOnlyList<OciDescriptor> Pieces, IReadOnlyDictionary<string, byte[]> Documents)
{
    /// <summary>Where the files are in the image, without a slash at either end.</summary>
    public const string Folder = "app";

    /// <summary>In the settings: the digest of the folder, which is another than that of any piece.</summary>
    private const string ArtifactLabel = "dotnet-convox.artifact";

    /// <summary>What neither states a processor nor needs a certain one.</summary>
    private const string Any = "unknown";

    /// <summary>The image of a folder.</summary>
    /// <param name="artifact">The folder.</param>
    /// <param name="layer">Its files, as a tar.</param>
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

    /// <summary>The processor by OCI's, which are Go's, names.</summary>
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
