using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Releases.Local;

/// <summary>Declares the Linux calls with which one thread waits for many sockets.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Epoll
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerEnded = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    public const int TryAgain = 11;
    public const int Interrupted = 4;
    public const int InProgress = 115;

    public const int DontWait = 0x40;
    public const int Peek = 0x02;
    public const int NoSignal = 0x4000;

    private const int Add = 1;
    private const int Remove = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>The offset of the user data in an event, which is packed only on x64: 4 bytes of flags and 8 of data.</summary>
    private static readonly int NumberOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int EventSize => NumberOffset + 8;

    public static int Create() => Checked(epoll_create1(CloseOnExec), "epoll_create1");

    public static int CreateWaker() => Checked(eventfd(0, CloseOnExec | NonBlocking), "eventfd");

    public static void Watch(int epoll, nint socket, uint flags, long number)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = flags;
        *(long*)(entry + NumberOffset) = number;
        Checked(epoll_ctl(epoll, Add, (int)socket, entry), "epoll_ctl");
    }

    public static void Forget(int epoll, nint socket)
    {
        var entry = stackalloc byte[16];
        Checked(epoll_ctl(epoll, Remove, (int)socket, entry), "epoll_ctl");
    }

    /// <summary>Waits for events and returns their number, which is 0 if a signal interrupted the call.</summary>
    public static int Wait(int epoll, Span<byte> events, int milliseconds)
    {
        fixed (byte* at = events)
        {
            var count = epoll_wait(epoll, at, events.Length / EventSize, milliseconds);
            return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Checked(count, "epoll_wait");
        }
    }

    public static (uint Flags, long Number) Read(ReadOnlySpan<byte> events, int index)
    {
        var entry = events[(index * EventSize)..];
        return (BitConverter.ToUInt32(entry), BitConverter.ToInt64(entry[NumberOffset..]));
    }

    public static void Wake(int waker)
    {
        var one = 1L;
        // A full counter wakes the thread too, and writing can't fail in any other way.
        _ = write(waker, (byte*)&one, sizeof(long));
    }

    public static void WakeTaken(int waker)
    {
        long count;
        _ = read(waker, (byte*)&count, sizeof(long));
    }

    public static int Receive(SafeHandle socket, Span<byte> bytes, int flags)
    {
        fixed (byte* at = bytes) return (int)recv(socket, at, bytes.Length, flags | DontWait);
    }

    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes) return (int)send(socket, at, bytes.Length, DontWait | NoSignal);
    }

    /// <summary>Starts connecting to a port of 127.0.0.1. Returns 0 or the error.</summary>
    public static int Connect(SafeHandle socket, int port)
    {
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        *(ushort*)address = 2;
        BinaryPrimitives.WriteUInt16BigEndian(new(address + 2, 2), (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(new(address + 4, 4), 0x7F000001);
        return connect(socket, address, 16) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static int Checked(int result, string call) =>
        result >= 0 ? result
            : throw new SocketException((int)SocketError.NoBufferSpaceAvailable, $"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");

#pragma warning disable IDE1006, CA5392 // These are the C library's names; it is always found where the runtime's is.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* bytes, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeHandle socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(SafeHandle socket, byte* address, int length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
#pragma warning restore IDE1006, CA5392
}
