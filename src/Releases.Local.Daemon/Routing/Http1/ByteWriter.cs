namespace Releases.Local;

/// <summary>Bytes that are sent at once.</summary>
internal sealed class ByteWriter : IDisposable
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Clear() => Length = 0;

    /// <summary>Empties it and gives its memory back.</summary>
    public void Dispose()
    {
        if (_bytes.Length > 0) BufferPool.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more) return;
        var larger = BufferPool.Rent(Math.Max(BufferPool.Small, Length + more));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0) BufferPool.Return(_bytes);
        _bytes = larger;
    }
}
