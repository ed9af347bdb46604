namespace Releases.Aws;

/// <summary>Represents an image in a registry that is copied to another one or into a file.</summary>
internal sealed class RegistryImage : IArtifactContent
{
    private readonly RegistryClient _registry;

    private RegistryImage(RegistryClient registry, OciDescriptor root, IReadOnlyList<OciDescriptor> pieces) =>
        (_registry, Root, Pieces) = (registry, root, pieces);

    public OciDescriptor Root { get; }

    public IReadOnlyList<OciDescriptor> Pieces { get; }

    /// <summary>The repository of the image.</summary>
    public PushTarget Place => _registry.Place;

    /// <summary>Opens an image by its digest; returns null if it doesn't exist. Takes ownership of the client.</summary>
    public static async Task<RegistryImage?> Open(RegistryClient registry, string digest, CancellationToken cancel)
    {
        if (await registry.FindManifest(digest, cancel) is not { } root) return null;
        return new(registry, root, await OciPieces.List(root, registry.Read, cancel));
    }

    public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) =>
        RegistryProblems.Translate(Place, () => _registry.Read(piece, cancel));

    public ValueTask DisposeAsync()
    {
        _registry.Dispose();
        return ValueTask.CompletedTask;
    }
}
