using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Releases.Local;

/// <summary>
/// Represents a response's body, whose head is sent as soon as the body has to be waited for, because the client may not send more before
/// it has the head. The head of a response without a body isn't sent early, because it couldn't report a failure any longer (gRPC reports
/// errors in such a head). If a process breaks off, the client sees an error rather than a cancellation.
/// </summary>
internal sealed class ResponseBodyStream(Stream body, HttpResponse response, Http2Exchange exchange) : Stream
{
    /// <summary>The error code INTERNAL_ERROR (RFC 9113, 7).</summary>
    private const int InternalError = 2;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Note(read.Result, buffer)) : Wait(read, buffer, cancellationToken);
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

    private int Note(int count, Memory<byte> buffer)
    {
        if (count == 0 && buffer.Length > 0) exchange.IsWhole = true;
        return count;
    }

    private async ValueTask<int> Wait(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancel)
    {
        if (!read.IsCompleted && !response.HasStarted) await response.Body.FlushAsync(cancel);
        try
        {
            return Note(await read, buffer);
        }
        catch (Exception broken) when (!response.HttpContext.RequestAborted.IsCancellationRequested)
        {
            exchange.IsBrokenOff = true;
            if (!response.HasStarted) throw;
            var reason = broken is HttpProtocolException told ? (int)told.ErrorCode : InternalError;
            response.HttpContext.Features.GetRequiredFeature<IHttpResetFeature>().Reset(reason);
            throw;
        }
    }
}
