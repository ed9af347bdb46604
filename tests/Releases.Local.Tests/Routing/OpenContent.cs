using System.Net;
using System.Text;

namespace Releases.Local.Tests;

/// <summary>A body that is written while the test runs, each piece sent at once.</summary>
internal sealed class OpenContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends the head of the request.</summary>
    public async Task Flush() => await (await _opened.Task).FlushAsync();

    public async Task Write(string piece)
    {
        var stream = await _opened.Task;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(piece));
        await stream.FlushAsync();
    }

    public void Complete() => _complete.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _opened.SetResult(stream);
        return _complete.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Complete();
        base.Dispose(disposing);
    }
}
