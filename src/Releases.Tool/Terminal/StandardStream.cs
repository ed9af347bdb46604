namespace Releases.Tool;

/// <summary>
/// Represents a standard stream of the process. A failed write is caused by the user's redirection: it doesn't end the command, which then
/// does all of its work. Data that is written after it is dropped; a message is tried again, because the outcome's matters most.
/// </summary>
/// <param name="inner">The stream of the process.</param>
/// <param name="isData">Whether it is standard output, where text after a gap would look whole.</param>
internal sealed class StandardStream(Stream inner, bool isData = true) : Stream
{
    private readonly CancellationTokenSource _lost = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets why a write failed, or null if none has.</summary>
    public Problem? Lost { get; private set; }

    /// <summary>Gets a token that is cancelled when a write fails.</summary>
    public CancellationToken WhenLost => _lost.Token;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (isData && Lost is not null) return;
        try
        {
            inner.Write(buffer);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Lost = new(
                ProblemCode.OutputLost, $"can't write to standard output: {Reason(refused)}.", "Check where the output goes.");
            _lost.Cancel();
        }
    }

    /// <summary>The runtime reports a stream that was closed before the start as a path without access.</summary>
    private static string Reason(Exception refused) => refused is UnauthorizedAccessException ? "it is closed" : FailureReason.Of(refused);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _lost.Dispose();
        base.Dispose(disposing);
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
