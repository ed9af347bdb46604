using System.Buffers.Binary;
using System.Text;

namespace Releases.Local.Tests;

/// <summary>Sends the frames of one HTTP/2 request, in blocks that the test decides on.</summary>
internal sealed class RawHttp2Client : IDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte EndOfHeaders = 4;
    private const byte EndOfStream = 1;
    private const int Stream = 1;

    private readonly RawConnection _connection;
    private readonly List<byte> _unsent = [];

    private RawHttp2Client(RawConnection connection) => _connection = connection;

    public static async Task<RawHttp2Client> To(int port)
    {
        var client = new RawHttp2Client(await RawConnection.To(port));
        client._unsent.AddRange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        return client.Add(Settings, 0, 0, []);
    }

    /// <summary>The head of a POST request.</summary>
    public RawHttp2Client Head(string path) => Head("POST", "http", path, 0);

    /// <summary>A GET request.</summary>
    public RawHttp2Client Get(string path, string scheme = "http") => Head("GET", scheme, path, EndOfStream);

    public RawHttp2Client Body(string text) => Add(Data, 0, Stream, Encoding.ASCII.GetBytes(text));

    public RawHttp2Client End() => Add(Data, EndOfStream, Stream, []);

    public RawHttp2Client ResetWith(int code)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, code);
        return Add(Reset, 0, Stream, payload);
    }

    public RawHttp2Client Leave() => Add(GoAway, 0, 0, new byte[8]);

    /// <summary>Sends what was added, as one block.</summary>
    public async Task Send()
    {
        await _connection.Send(_unsent.ToArray());
        _unsent.Clear();
    }

    /// <summary>Waits for a part of the answer's body.</summary>
    public async Task<string> ReadBody() => Encoding.ASCII.GetString(await Read(Data));

    /// <summary>Waits until the router has read everything that was sent.</summary>
    public async Task WaitUntilRead()
    {
        await Add(Ping, 0, 0, new byte[8]).Send();
        await Read(Ping);
    }

    public void Close(bool abruptly) => _connection.Close(abruptly);

    public void Dispose() => _connection.Dispose();

    private static byte[] Literal(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];

    private RawHttp2Client Head(string method, string scheme, string path, byte flags)
    {
        var block = new List<byte>();
        (string Name, string Value)[] all =
            [(":method", method), (":scheme", scheme), (":authority", "hello.localhost"), (":path", path)];
        foreach (var (name, value) in all) block.AddRange([0, .. Literal(name), .. Literal(value)]);
        return Add(Headers, (byte)(EndOfHeaders | flags), Stream, [.. block]);
    }

    private async Task<byte[]> Read(byte type)
    {
        while (true)
        {
            var frame = await _connection.Bytes(9);
            if (frame.Length < 9) throw new EndOfStreamException("The connection ended.");
            var payload = await _connection.Bytes((frame[0] << 16) | (frame[1] << 8) | frame[2]);
            if (frame[3] == type) return payload;
        }
    }

    private RawHttp2Client Add(byte type, byte flags, int stream, byte[] payload)
    {
        var head = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), stream);
        _unsent.AddRange([.. head, .. payload]);
        return this;
    }
}
