namespace Releases;

/// <summary>The content of an artifact on its way to another rack or into a file, as the pieces of an OCI image.</summary>
public interface IArtifactContent : IAsyncDisposable
{
    /// <summary>The image's manifest, or its index.</summary>
    OciDescriptor Root { get; }

    /// <summary>Every piece once, those that a manifest names before it; the root is the last.</summary>
    IReadOnlyList<OciDescriptor> Pieces { get; }

    /// <summary>Reads one of its pieces. Whether it is the one that its digest names shows only to those who read it whole.</summary>
    Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default);
}

/// <summary>An artifact of another rack that a rack is to store.</summary>
/// <param name="App">The app that it is for.</param>
/// <param name="Service">The service that it is for.</param>
/// <param name="Build">The build that brings it.</param>
/// <param name="Artifact">The artifact as it was there.</param>
/// <param name="Content">Its content.</param>
public sealed record ArtifactDelivery(AppName App, ServiceName Service, BuildId Build, Artifact Artifact, IArtifactContent Content);
