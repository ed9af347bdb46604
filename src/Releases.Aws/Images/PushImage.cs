namespace Releases.Aws;

/// <summary>
/// Copies an image into a repository, by digest. Existing pieces aren't sent again, so an interrupted attempt can be continued; the root
/// comes last, so the image exists completely or not at all.
/// </summary>
internal sealed class PushImage(RegistryClient to)
{
    private const int MaxManifest = 4 * 1024 * 1024;

    /// <summary>Copies the image, and tags it.</summary>
    public async Task Run(IArtifactContent content, string tag, CancellationToken cancel)
    {
        foreach (var piece in content.Pieces)
        {
            if (piece.IsManifest) await Store(content, piece, piece == content.Root ? tag : piece.Digest, cancel);
            else if (!await to.Has(piece, cancel) && !await Mounted(content, piece, cancel)) await Send(content, piece, cancel);
        }
    }

    private async Task Store(IArtifactContent content, OciDescriptor manifest, string reference, CancellationToken cancel) =>
        await to.Store(manifest, await OciPieces.Read(manifest, content.Open, MaxManifest, cancel), reference, cancel);

    private async Task<bool> Mounted(IArtifactContent content, OciDescriptor piece, CancellationToken cancel) =>
        content is RegistryImage { Place: var from } && from.Registry == to.Place.Registry
        && await to.Mount(piece, from.Repository, cancel);

    private async Task Send(IArtifactContent content, OciDescriptor piece, CancellationToken cancel)
    {
        await using var stream = new VerifiedStream(await content.Open(piece, cancel), piece);
        await to.Send(piece, stream, cancel);
    }
}
