namespace Releases;

/// <summary>Represents the content of an artifact that is copied to another rack or into a file, as the pieces of an OCI image.</summary>
public interface IArtifactContent : IAsyncDisposable
{
    /// <summary>The image's manifest, or its index.</summary>
    OciDescriptor Root { get; }

    /// <summary>Each piece once, with the pieces of a manifest before it and the root last.</summary>
    IReadOnlyList<OciDescriptor> Pieces { get; }

    /// <summary>Opens one of its pieces. The digest can only be verified by reading the whole piece.</summary>
    Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default);
}

/// <summary>Represents an artifact of another rack that is to be stored.</summary>
/// <param name="App">The app that it is for.</param>
/// <param name="Service">The service that it is for.</param>
/// <param name="Build">The build that adds it.</param>
/// <param name="Artifact">The artifact, as on the other rack.</param>
/// <param name="Content">Its content.</param>
public sealed record ArtifactDelivery(AppName App, ServiceName Service, BuildId Build, Artifact Artifact, IArtifactContent Content);
