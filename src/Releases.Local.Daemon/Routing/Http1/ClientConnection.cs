using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Releases.Local;

/// <summary>One connection of a client that speaks HTTP/1: request after request, each to the process that takes it.</summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>How long what a client still sends is read, so that it gets to see the last answer.</summary>
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
        _connection = new(all.Loops.Serve(socket));
        _localPort = localPort;
        _address = Encoding.ASCII.GetBytes(((IPEndPoint)socket.RemoteEndPoint!).Address.ToString());
        _bytes = new(_connection);
        _forwarder = new(_connection, _request, _body, all.Time);
        _persists = () => _request.Persists && !_all.IsStopping;
    }

    /// <summary>Whether the client began as HTTP/2 does; nothing is consumed, and the socket is free for its next owner.</summary>
    public async Task<bool> SpeaksHttp2()
    {
        Waits(true);
        var speaks = await _connection.Begins("PRI * HTTP/2.0\r\n"u8.ToArray(), _all.Time);
        Waits(false);
        if (speaks) _connection.HandOver();
        return speaks;
    }

    /// <summary>Serves until the client or the router has had enough.</summary>
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

    /// <summary>Ends it if it has waited for a request, or for the rest of one's head, this long.</summary>
    public void EndIfIdle(TimeSpan most)
    {
        if (Volatile.Read(ref _waitingSince) is not 0 and var since && _all.Time.GetElapsedTime(since) >= most) _connection.Close();
    }

    /// <summary>Counts the bytes of a request that is under way.</summary>
    public void CountBytes() => _bytes.Count();

    /// <summary>Ends it, whatever it does.</summary>
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

    /// <summary>Some clients send an empty line behind a body (RFC 9112, 2.2).</summary>
    private Span<byte> WithoutEmptyLines()
    {
        while (_connection.Unread.Span.StartsWith("\r\n"u8)) _connection.Consume(2);
        return _connection.Unread.Span;
    }

    private void Waits(bool waits) => Volatile.Write(ref _waitingSince, waits ? Math.Max(1, _all.Time.GetTimestamp()) : 0);

    /// <summary>Takes the request to a process; whether the connection stays open.</summary>
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
                if (attempts.Last is not { } last) return await Respond(RouterResponse.NothingReady(route));
                if (await _all.Routes.Replaced(table, attempts.Left(ClientConnections.ReplacementTimeout), CancellationToken.None))
                    continue;
                return await Respond(RouterResponse.NotConnected(route, last));
            }

            if (!_all.Routes.TryEnter(target, table)) continue;
            if (!attempts.IsRepeated) target.Traffic.Requested();
            var kept = attempts.IsRepeated ? null : target.Connections.TakeIdle(_connection, _all.Time);
            if ((kept ?? await target.Connections.Connect(_connection, _all.Time)) is not { } process)
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
                    // A kept connection may have been ended as the request was under way. Its process is asked again, and no other:
                    // the request may be what the process died of.
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

    /// <summary>The head as it is forwarded, and what of the body has come with it.</summary>
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

    /// <summary>Answers for itself; whether the connection stays open.</summary>
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
