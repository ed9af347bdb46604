namespace Releases.Aws;

/// <summary>
/// Represents the body of a response, of which each read is limited: a transfer that moves may take any time, and one that stalls fails.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="time">The clock.</param>
/// <param name="limit">How long a read may take.</param>
/// <param name="stalled">Returns the problem with which a read fails that takes longer.</param>
internal sealed class MovingStream(Stream body, TimeProvider time, TimeSpan limit, Func<Problem> stalled) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => body.Length;

    public override long Position { get => body.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var read = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => read.Cancel(), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            return await body.ReadAsync(buffer, read.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw stalled().ToException(late);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }
}
