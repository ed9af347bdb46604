using System.Net;

namespace Releases.Aws;

/// <summary>
/// Represents the body of an upload of a known size, which reports when it is up to the receiver: whoever reads the content limits that.
/// </summary>
/// <param name="content">The content.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="reading">Called when the next part is read.</param>
/// <param name="sending">Called when it is sent, and when all of it was.</param>
internal sealed class UploadContent(Stream content, long size, Action reading, Action sending) : HttpContent
{
    private const int PartSize = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[PartSize];
        while (true)
        {
            reading();
            var read = await content.ReadAsync(buffer, cancellationToken);
            sending();
            if (read == 0) return;
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
