using System.Net;

namespace Releases.Aws;

/// <summary>Represents the body of an upload of a known size, which reports each part that was sent.</summary>
/// <param name="content">The content.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="moved">Called when a part was sent.</param>
internal sealed class UploadContent(Stream content, long size, Action moved) : HttpContent
{
    private const int PartSize = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[PartSize];
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            moved();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
