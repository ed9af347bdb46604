using System.IO.Pipelines;
using System.Net;

namespace Releases.Local;

/// <summary>
/// A request's body of which each piece leaves as it comes: the handler keeps what isn't flushed, and YARP flushes for gRPC alone.
/// </summary>
internal sealed class FlushedContent : HttpContent
{
    private static readonly StreamPipeWriterOptions LeftOpen = new(leaveOpen: true);

    private readonly HttpContent _body;

    public FlushedContent(HttpContent body)
    {
        _body = body;
        foreach (var field in body.Headers.NonValidated) Headers.TryAddWithoutValidation(field.Key, field.Value);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The head alone, which a process may answer before anything follows it.
        await stream.FlushAsync(cancellationToken);
        await _body.CopyToAsync(PipeWriter.Create(stream, LeftOpen).AsStream(leaveOpen: true), context, cancellationToken);
    }

    /// <summary>The client's Content-Length is among the headers.</summary>
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
