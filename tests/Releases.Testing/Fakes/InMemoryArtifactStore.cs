using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Testing;

/// <summary>Remembers the artifacts that were stored; a folder's digest is over the paths and contents of its files.</summary>
public sealed class InMemoryArtifactStore : IArtifactStore, IArtifactRemoval
{
    private readonly ConcurrentDictionary<string, Artifact> _stored = new(StringComparer.Ordinal);

    /// <summary>Digests of artifacts that are to be found damaged.</summary>
    public ISet<string> Damaged { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What images are pinned to.</summary>
    public IDictionary<string, string> Pinned { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public Task<Artifact?> Pin(string image, CancellationToken cancel = default) =>
        Task.FromResult(Pinned.TryGetValue(image, out var pinned) ? Artifact.ImageOf(pinned) : null);

    /// <summary>How many releases are pruned in one write.</summary>
    public int MaxPerWrite { get; set; } = 50;

    /// <summary>Whether a build makes every removal wait.</summary>
    public bool IsBuilding { get; set; }

    /// <summary>The digests that are no longer there.</summary>
    public ISet<string> Removed { get; } = new HashSet<string>(StringComparer.Ordinal);

    public bool Owns(Artifact artifact) => artifact is { Kind: ArtifactKind.Folder };

    public Task<long> Measure(AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default) => Task.FromResult(
        going.SelectMany(r => r.Services.Values).Select(s => s.Artifact).OfType<Artifact>().DistinctBy(a => a.Digest).Sum(a => a.Bytes));

    public Task<bool> Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default)
    {
        if (IsBuilding) return Task.FromResult(false);
        foreach (var digest in pruned.SelectMany(r => r.Services.Values).Select(s => s.Artifact?.Digest).OfType<string>())
        {
            _stored.TryRemove(digest, out _);
            Removed.Add(digest);
        }

        return Task.FromResult(true);
    }

    /// <summary>Makes an artifact known without a folder.</summary>
    public Artifact Add(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return _stored.GetOrAdd(artifact.Digest, artifact);
    }

    public async Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
        var entry = files.Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            .FirstOrDefault(f => f == assemblyName || f == assemblyName + ".exe" || f == assemblyName + ".dll");
        if (entry is null)
            throw new Problem(ProblemCode.NoPublishOutput, $"There is no {assemblyName} in '{folder}'.").ToException();

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            hash.AppendData(await File.ReadAllBytesAsync(file, cancel));
        }

        return Add(new()
        {
            Digest = "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()),
            Kind = ArtifactKind.Folder,
            EntryPoint = entry,
            Bytes = files.Sum(f => new FileInfo(f).Length),
        });
    }

    public ArtifactKind Kind { get; set; }

    /// <summary>What was received, in order.</summary>
    public SharedList<ArtifactDelivery> Received { get; } = [];

    /// <summary>What keeps the next artifact from being received.</summary>
    public Exception? Refuses { get; set; }

    public Task<IArtifactContent?> Open(Artifact artifact, CancellationToken cancel = default) =>
        Task.FromResult<IArtifactContent?>(artifact.Kind == ArtifactKind.Image ? null : new TextContent(artifact));

    public Task<Artifact> Receive(ArtifactDelivery delivery, CancellationToken cancel = default)
    {
        Received.Add(delivery);
        return Refuses is { } refused ? Task.FromException<Artifact>(refused) : Task.FromResult(Add(delivery.Artifact));
    }

    public Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default) => Task.FromResult(
        artifact is not null && _stored.ContainsKey(artifact.Digest) && !Damaged.Contains(artifact.Digest)
            ? null
            : new Problem(ProblemCode.DamagedArtifact, $"the artifact {artifact?.Digest} is missing or was changed."));

    /// <summary>A folder whose one layer is its digest.</summary>
    private sealed class TextContent : IArtifactContent
    {
        private readonly byte[] _layer;
        private readonly FolderImage _image;

        public TextContent(Artifact artifact)
        {
            _layer = Encoding.UTF8.GetBytes(artifact.Digest);
            _image = FolderImage.Of(artifact, new(OciTypes.Layer, OciPieces.DigestOf(_layer), _layer.Length));
        }

        public OciDescriptor Root => _image.Root;

        public IReadOnlyList<OciDescriptor> Pieces => _image.Pieces;

        public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) =>
            Task.FromResult<Stream>(new MemoryStream(_image.Documents.GetValueOrDefault(piece.Digest) ?? _layer));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
