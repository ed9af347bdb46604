using Microsoft.AspNetCore.Http;

namespace Releases.Local;

/// <summary>
/// An answer's body whose head is sent on once the body has to be waited for: what asks may say no more before it has the head.
/// A head that ends its answer is not sent early, as it then could not say so (gRPC tells an error by such a one).
/// </summary>
internal sealed class HeadFirst(Stream body, HttpResponse response) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        return read.IsCompleted || response.HasStarted ? read : AfterHead(read, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> AfterHead(ValueTask<int> read, CancellationToken cancel)
    {
        await response.Body.FlushAsync(cancel);
        return await read;
    }
}
