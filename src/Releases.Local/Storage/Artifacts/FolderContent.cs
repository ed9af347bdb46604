using System.IO.Pipelines;

namespace Releases.Local;

/// <summary>
/// Represents a stored publish folder for transfer to another rack or a file: an image whose layer is generated as it is read.
/// </summary>
internal sealed class FolderContent : IArtifactContent
{
    private readonly PublishFolder _folder;
    private readonly FolderImage _image;

    private FolderContent(PublishFolder folder, FolderImage image) => (_folder, _image) = (folder, image);

    public OciDescriptor Root => _image.Root;

    public IReadOnlyList<OciDescriptor> Pieces => _image.Pieces;

    /// <summary>Reads a folder once to compute the digest of its layer.</summary>
    public static async Task<FolderContent> Of(Artifact artifact, PublishFolder folder, CancellationToken cancel) =>
        new(folder, FolderImage.Of(artifact, await FolderLayer.Describe(folder, cancel)));

    public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) => Task.FromResult<Stream>(
        _image.Documents.TryGetValue(piece.Digest, out var document)
            ? new MemoryStream(document, writable: false)
            : new LayerStream(_folder, cancel));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Represents the layer as a stream that a task writes concurrently, no further ahead of the reader than the pipe's buffer.
    /// </summary>
    private sealed class LayerStream : Stream
    {
        private readonly CancellationTokenSource _closed;
        private readonly Stream _read;
        private readonly Task _written;

        public LayerStream(PublishFolder folder, CancellationToken cancel)
        {
            var pipe = new Pipe();
            _closed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            _read = pipe.Reader.AsStream();
            _written = Task.Run(() => Write(folder, pipe.Writer, _closed.Token), CancellationToken.None);
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => _read.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _read.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            _read.ReadAsync(buffer, offset, count, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            await _read.DisposeAsync();
            await _written;
            _closed.Dispose();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                if (!_written.IsCompleted) _closed.Cancel();
                _read.Dispose();
                _written.GetAwaiter().GetResult();
                _closed.Dispose();
            }

            base.Dispose(disposing);
        }

        /// <summary>Writes the layer. A failure is passed to the reader.</summary>
        private static async Task Write(PublishFolder folder, PipeWriter to, CancellationToken cancel)
        {
            try
            {
                await using var stream = to.AsStream(leaveOpen: true);
                await FolderLayer.Write(folder, stream, cancel);
                await stream.FlushAsync(cancel);
                await to.CompleteAsync();
            }
#pragma warning disable CA1031 // It is thrown to the reader of the layer.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                await to.CompleteAsync(failure);
            }
        }
    }
}
