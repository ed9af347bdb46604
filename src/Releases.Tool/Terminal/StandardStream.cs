namespace Releases.Tool;

/// <summary>
/// Represents a standard stream of the process. A failed write is caused by the user's redirection and isn't a bug: lost data is a problem,
/// and lost messages are ignored.
/// </summary>
internal sealed class StandardStream(Stream inner, bool isData) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (isData)
                throw new Problem(
                    ProblemCode.OutputLost,
                    $"can't write to standard output: {Reason(refused)}. The command itself has finished.",
                    "Check where the output goes.").ToException(refused);
        }
    }

    /// <summary>The runtime reports a stream that was closed before the start as a path without access.</summary>
    private static string Reason(Exception refused) => refused is UnauthorizedAccessException ? "it is closed" : FailureReason.Of(refused);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
