using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Releases.Local;

/// <summary>
/// Lists listening TCP sockets, and no others, through the kernel's sock_diag(7). Reading <c>/proc/net/tcp</c> also walks the whole table
/// of connections, which takes milliseconds on a machine with much memory.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class SocketDiagnostics
{
    private const int Netlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const int Diagnostics = 4;

    private const ushort ByFamily = 20;
    private const ushort RequestAll = 0x301;
    private const ushort Failure = 2;
    private const ushort Done = 3;

    private const byte InterNetwork = 2;
    private const byte InterNetworkV6 = 10;
    private const byte Tcp = 6;
    private const uint Listening = 1 << 10;

    private const int HeaderSize = 16;
    private const int RequestSize = HeaderSize + 56;
    private const int SocketSize = 72;

    private const int InterruptedCall = 4;

    /// <summary>Returns all listening sockets, or null if this kernel or the container's policy doesn't allow that.</summary>
    public static IReadOnlyList<ListeningSocket>? All()
    {
        var descriptor = socket(Netlink, Raw | CloseOnExec, Diagnostics);
        if (descriptor < 0) return null;
        try
        {
            var found = new List<ListeningSocket>();
            return Add(descriptor, InterNetwork, found) && Add(descriptor, InterNetworkV6, found) ? found : null;
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static bool Add(int descriptor, byte family, List<ListeningSocket> found)
    {
        var request = stackalloc byte[RequestSize];
        var bytes = new Span<byte>(request, RequestSize);
        bytes.Clear();
        // struct nlmsghdr, then struct inet_diag_req_v2
        MemoryMarshal.Write(bytes, RequestSize);
        MemoryMarshal.Write(bytes[4..], ByFamily);
        MemoryMarshal.Write(bytes[6..], RequestAll);
        bytes[HeaderSize] = family;
        bytes[HeaderSize + 1] = Tcp;
        MemoryMarshal.Write(bytes[(HeaderSize + 4)..], Listening);
        return send(descriptor, request, RequestSize, 0) == RequestSize && Receive(descriptor, found);
    }

    private static bool Receive(int descriptor, List<ListeningSocket> found)
    {
        const int size = 32 * 1024;
        var buffer = stackalloc byte[size];
        while (true)
        {
            var received = recv(descriptor, buffer, size, 0);
            if (received < 0 && Marshal.GetLastPInvokeError() == InterruptedCall) continue;
            if (received <= 0) return false;
            if (Read(new(buffer, (int)received), found) is { } isComplete) return isComplete;
        }
    }

    /// <summary>
    /// Reads one message. Returns true if it was the last; false if the kernel refuses, which it also does in its last message, such as
    /// without a module for TCP; and null if more follow.
    /// </summary>
    internal static bool? Read(ReadOnlySpan<byte> answer, List<ListeningSocket> found)
    {
        while (answer.Length >= HeaderSize)
        {
            var length = MemoryMarshal.Read<int>(answer);
            var kind = MemoryMarshal.Read<ushort>(answer[4..]);
            if (kind == Failure || length < HeaderSize || length > answer.Length) return false;
            if (kind == Done) return length < HeaderSize + sizeof(int) || MemoryMarshal.Read<int>(answer[HeaderSize..]) >= 0;
            if (kind == ByFamily && length >= HeaderSize + SocketSize) found.Add(Parse(answer[HeaderSize..length]));
            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }

        return null;
    }

    /// <summary>Parses a <c>struct inet_diag_msg</c>, whose ports and addresses are in network byte order.</summary>
    private static ListeningSocket Parse(ReadOnlySpan<byte> message)
    {
        var address = new IPAddress(message.Slice(8, message[0] == InterNetwork ? 4 : 16));
        var port = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        return new(MemoryMarshal.Read<uint>(message[68..]).ToString(CultureInfo.InvariantCulture), new(address, port),
            MemoryMarshal.Read<int>(message[64..]));
    }

#pragma warning disable IDE1006, CA5392 // These are the C library's names; it is always found where the runtime's is.
    [LibraryImport("libc")]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial nint send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
#pragma warning restore IDE1006, CA5392
}
