using System.Buffers;

namespace Releases.Local;

/// <summary>
/// Pools the buffers for reading. Few are used at the same time, however many connections there are; what a burst needs beyond that isn't
/// kept, and nothing is kept once the router is idle.
/// </summary>
internal static class BufferPool
{
    public const int Small = 16 * 1024;
    public const int Large = 64 * 1024;

    private static readonly Kept SmallOnes = new(Small, most: 64);
    private static readonly Kept LargeOnes = new(Large, most: 32);

    /// <summary>Rents a buffer of at least this size.</summary>
    public static byte[] Rent(int size) => size switch
    {
        <= Small => SmallOnes.Rent(),
        <= Large => LargeOnes.Rent(),
        _ => ArrayPool<byte>.Shared.Rent(size),
    };

    public static void Return(byte[] buffer)
    {
        if (buffer.Length == Small) SmallOnes.Return(buffer);
        else if (buffer.Length == Large) LargeOnes.Return(buffer);
        else if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Releases all pooled buffers.</summary>
    public static void Clear()
    {
        SmallOnes.Clear();
        LargeOnes.Clear();
    }

    private sealed class Kept(int size, int most)
    {
        private readonly Lock _gate = new();
        private readonly Stack<byte[]> _free = new(most);

        public byte[] Rent()
        {
            lock (_gate)
                if (_free.TryPop(out var kept)) return kept;
            return GC.AllocateUninitializedArray<byte>(size);
        }

        public void Return(byte[] buffer)
        {
            lock (_gate)
                if (_free.Count < most) _free.Push(buffer);
        }

        public void Clear()
        {
            lock (_gate) _free.Clear();
        }
    }
}
