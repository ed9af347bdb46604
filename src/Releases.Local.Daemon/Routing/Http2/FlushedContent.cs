using System.IO.Pipelines;
using System.Net;

namespace Releases.Local;

/// <summary>
/// Represents a request's body that is flushed after every write: the handler buffers what isn't flushed, and YARP flushes only for gRPC.
/// </summary>
internal sealed class FlushedContent : HttpContent
{
    private static readonly StreamPipeWriterOptions LeftOpen = new(leaveOpen: true);

    private readonly HttpContent _body;
    private readonly Action _ended;

    /// <param name="body">The body.</param>
    /// <param name="ended">Is called when the body has been sent.</param>
    public FlushedContent(HttpContent body, Action ended)
    {
        (_body, _ended) = (body, ended);
        foreach (var field in body.Headers.NonValidated) Headers.TryAddWithoutValidation(field.Key, field.Value);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Send the head first, which a process may answer before the body arrives.
        await stream.FlushAsync(cancellationToken);
        await _body.CopyToAsync(PipeWriter.Create(stream, LeftOpen).AsStream(leaveOpen: true), context, cancellationToken);
        _ended();
    }

    /// <summary>Returns false, because the client's Content-Length is already in the headers.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }
}
