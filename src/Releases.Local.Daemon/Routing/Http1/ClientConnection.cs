using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Releases.Local;

/// <summary>Represents a client's HTTP/1 connection: serves request after request, each with the process that accepts it.</summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>How long to keep reading what a client still sends, so that it gets to see the last response.</summary>
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(2);

    private readonly ClientConnections _all;
    private readonly BufferedConnection _connection;
    private readonly int _localPort;
    private readonly byte[] _address;
    private readonly RequestHead _request = new();
    private readonly Body _body = new();
    private readonly ByteWriter _out = new();
    private readonly RequestForwarder _forwarder;
    private readonly ByteCounter _bytes;
    private readonly Func<bool> _persists;
    private long _waitingSince;

    public ClientConnection(Socket socket, int localPort, ClientConnections all)
    {
        _all = all;
        _localPort = localPort;
        // This fails if the client has left, so it comes before the loop knows the socket.
        _address = Encoding.ASCII.GetBytes(((IPEndPoint)socket.RemoteEndPoint!).Address.ToString());
        _connection = new(all.Loops.Serve(socket));
        _bytes = new(_connection);
        _forwarder = new(_connection, _request, _body, all.Time);
        _persists = () => _request.Persists && !_all.IsStopping;
    }

    /// <summary>
    /// Determines whether the client speaks HTTP/2. If so, nothing is consumed, and the socket is released to its next owner.
    /// </summary>
    public async Task<bool> SpeaksHttp2()
    {
        Waits(true);
        var speaks = await _connection.Begins("PRI * HTTP/2.0\r\n"u8.ToArray(), _all.Time);
        Waits(false);
        if (speaks) _connection.HandOver();
        return speaks;
    }

    /// <summary>Serves requests until the client or the router ends the connection.</summary>
    public async Task Run()
    {
        try
        {
            while (await ReadHead())
                if (!await Serve()) return;
        }
        catch (MalformedMessage malformed)
        {
            await _connection.Send(RouterResponse.BadRequest(malformed.Status, malformed.Message)
                .ToBytes(isHead: false, "Connection: close\r\n"));
            await Linger();
        }
    }

    /// <summary>Closes the connection if it has waited this long for a request, or for the rest of a request's head.</summary>
    public void EndIfIdle(TimeSpan most)
    {
        if (Volatile.Read(ref _waitingSince) is not 0 and var since && _all.Time.GetElapsedTime(since) >= most) _connection.Close();
    }

    /// <summary>Counts the bytes of the request in progress.</summary>
    public void CountBytes() => _bytes.Count();

    /// <summary>Closes the connection, whatever it is doing.</summary>
    public void Abort() => _connection.Close();

    public void Dispose()
    {
        _forwarder.Dispose();
        _out.Dispose();
        _connection.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadHead()
    {
        Waits(true);
        _request.Clear();
        while (!_request.TryRead(WithoutEmptyLines()))
            if (_all.IsStopping || !await _connection.Fill()) return false;
        Waits(false);
        _request.Complete();
        return true;
    }

    /// <summary>Skips empty lines, which some clients send after a body (RFC 9112, 2.2).</summary>
    private Span<byte> WithoutEmptyLines()
    {
        while (_connection.Unread.Span.StartsWith("\r\n"u8)) _connection.Consume(2);
        return _connection.Unread.Span;
    }

    private void Waits(bool waits) => Volatile.Write(ref _waitingSince, waits ? Math.Max(1, _all.Time.GetTimestamp()) : 0);

    /// <summary>Forwards the request to a process. Returns whether the connection stays open.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> Serve()
    {
        var attempts = new Attempts(_all.Time);
        var wanted = Preference.Of(_request, _connection.Unread.Span, _all.Routes.Current.Find(_localPort, _request.Host));
        WriteRequest();
        while (true)
        {
            var table = _all.Routes.Current;
            if (table.Find(_localPort, _request.Host) is not { } route)
                return await Respond(RouterResponse.NoSuchAddress(_request.Host, _localPort, table.RouterPort));
            if (attempts.Choose(route.Service, wanted) is not { } target)
            {
                if (attempts.Last is not null
                    && await _all.Routes.Replaced(table, attempts.Left(ClientConnections.ReplacementTimeout), CancellationToken.None))
                    continue;
                return await Respond(RouterResponse.NoneLeft(route, attempts.Last));
            }

            if (!_all.Routes.TryEnter(target, table)) continue;
            if (!attempts.IsRepeated) target.Traffic.Requested();
            var kept = attempts.IsRepeated ? null : target.Connections.TakeIdle(_connection, _all.Time);
            BufferedConnection? process;
            try
            {
                process = kept ?? await target.Connections.Connect(_connection, _all.Time);
            }
            catch (SocketException full) when (OpenFileLimit.IsReached(full))
            {
                target.Leave();
                return await Respond(RouterResponse.TooManyOpenFiles());
            }

            if (process is null)
            {
                target.Leave();
                target.Traffic.Failed();
                if (attempts.IsRepeated) return await Respond(RouterResponse.ProcessDied(route, target));
                attempts.NotConnected(target);
                continue;
            }

            _bytes.CountFor(target.Traffic);
            var outcome = await _forwarder.Run(target, process, _out, _persists, wanted.Lines(route, target));
            _bytes.End();
            switch (outcome)
            {
                case Outcome.Answered:
                    return true;
                case Outcome.NoResponse:
                    // The process may have closed a kept connection while the request was on its way. Retry with the same process and no
                    // other, because the request may be what it died of.
                    if (kept is null || !_request.IsSafe || _request.Body != Framing.None)
                    {
                        target.Traffic.Failed();
                        return await Respond(RouterResponse.NoResponse(route, target));
                    }

                    attempts.NoResponse(target);
                    continue;
                case Outcome.InvalidResponse:
                    target.Traffic.Failed();
                    return await Respond(RouterResponse.InvalidResponse(route, target, _forwarder.Error));
                case Outcome.BadRequest:
                    return await Respond(RouterResponse.BadRequest(400, "a body with malformed chunks"));
                case Outcome.Over when _forwarder.Rest.IsCompleted:
                    return false;
                default:
                    await Linger();
                    return false;
            }
        }
    }

    /// <summary>Writes the head to forward, with the part of the body that has arrived.</summary>
    private void WriteRequest()
    {
        _out.Clear();
        _bytes.Begin();
        HeadWriter.Request(_out, _request, _connection.Unread.Span, _all.ForwardedHeaders, _address);
        _connection.Consume(_request.Length);
        _body.Begin(_request.Body);
        if (_body.IsDone) return;
        var count = _body.Accept(_connection.Unread.Span);
        _out.Write(_connection.Unread.Span[..count]);
        _connection.Consume(count);
    }

    /// <summary>Sends a response of the router's own. Returns whether the connection stays open.</summary>
    private async ValueTask<bool> Respond(RouterResponse answer)
    {
        var persists = _body.IsDone && _forwarder.Rest.IsCompleted && _persists();
        var connection = !persists ? "Connection: close\r\n" : _request.IsHttp11 ? "" : "Connection: keep-alive\r\n";
        var taken = await _connection.Send(answer.ToBytes(_request.IsHead, connection));
        if (!persists) await Linger();
        return taken && persists;
    }

    private async ValueTask Linger()
    {
        _connection.EndSending();
        await using var limit = _all.Time.CreateTimer(_ => _connection.Close(), null, LingerTimeout, Timeout.InfiniteTimeSpan);
        await _forwarder.Rest;
        while (await _connection.Fill()) _connection.Consume(_connection.Unread.Length);
    }
}
