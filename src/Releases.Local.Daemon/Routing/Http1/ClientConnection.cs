using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Releases.Local;

/// <summary>One connection of a client that speaks HTTP/1: request after request, each to the process that takes it.</summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>How long what a client still sends is read, so that it gets to see the last answer.</summary>
    private static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(2);

    private readonly ClientConnections _all;
    private readonly Wire _wire;
    private readonly int _localPort;
    private readonly byte[] _address;
    private readonly RequestHead _request = new();
    private readonly Body _body = new();
    private readonly ByteWriter _out = new();
    private readonly Passage _passage;
    private readonly Func<bool> _persists;
    private long _waitingSince;

    public ClientConnection(Socket socket, int localPort, ClientConnections all)
    {
        _all = all;
        _wire = new(socket);
        _localPort = localPort;
        _address = Encoding.ASCII.GetBytes(((IPEndPoint)socket.RemoteEndPoint!).Address.ToString());
        _passage = new(_wire, _request, _body, all.Time);
        _persists = () => _request.Persists && !_all.IsStopping;
    }

    /// <summary>Whether the client began as HTTP/2 does; nothing is consumed.</summary>
    public async Task<bool> SpeaksHttp2()
    {
        Waits(true);
        var speaks = await _wire.Begins("PRI * HTTP/2.0\r\n"u8.ToArray(), _all.Time);
        Waits(false);
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
            await _wire.Send(Answer.BadRequest(malformed.Status, malformed.Message).ToBytes(isHead: false, "Connection: close\r\n"));
            await Linger();
        }
    }

    /// <summary>Ends it if it has waited for a request, or for the rest of one's head, this long.</summary>
    public void EndIfIdle(TimeSpan most)
    {
        if (Volatile.Read(ref _waitingSince) is not 0 and var since && _all.Time.GetElapsedTime(since) >= most) _wire.Close();
    }

    /// <summary>Ends it, whatever it does.</summary>
    public void Abort() => _wire.Close();

    public void Dispose()
    {
        _passage.Dispose();
        _out.Dispose();
        _wire.Dispose();
    }

    private async ValueTask<bool> ReadHead()
    {
        Waits(true);
        _request.Clear();
        while (!_request.TryRead(WithoutEmptyLines()))
            if (_all.IsStopping || !await _wire.Fill()) return false;
        Waits(false);
        _request.Complete();
        return true;
    }

    /// <summary>Some clients send an empty line behind a body (RFC 9112, 2.2).</summary>
    private Span<byte> WithoutEmptyLines()
    {
        while (_wire.Unread.Span.StartsWith("\r\n"u8)) _wire.Consume(2);
        return _wire.Unread.Span;
    }

    private void Waits(bool waits) => Volatile.Write(ref _waitingSince, waits ? Math.Max(1, _all.Time.GetTimestamp()) : 0);

    /// <summary>Takes the request to a process; whether the connection goes on.</summary>
    private async ValueTask<bool> Serve()
    {
        var attempts = new Attempts(_all.Time);
        var bound = _all.Routes.Current.Find(_localPort, _request.Host) is { Service.IsSticky: true } sticky ? StickyCookie.Read(_request, _wire.Unread.Span, sticky) : null;
        WriteRequest();
        while (true)
        {
            var table = _all.Routes.Current;
            if (table.Find(_localPort, _request.Host) is not { } route) return await Say(Answer.NoSuchAddress(_request.Host, _localPort, table.RouterPort));
            if (attempts.Choose(route.Service, bound) is not { } target)
            {
                if (attempts.Last is not { } last) return await Say(Answer.NothingReady(route));
                if (await _all.Routes.Replaced(table, attempts.Left(ClientConnections.Patience), CancellationToken.None)) continue;
                return await Say(Answer.NotConnected(route, last));
            }

            if (!_all.Routes.TryEnter(target, table)) continue;
            var kept = attempts.IsRepeated ? null : target.Connections.TakeIdle(_all.Time);
            if ((kept ?? await target.Connections.Connect(_all.Time)) is not { } process)
            {
                target.Leave();
                if (attempts.IsRepeated) return await Say(Answer.Died(route, target));
                attempts.NotConnected(target);
                continue;
            }

            switch (await _passage.Run(target, process, _out, _persists, Cookie(route, target, bound)))
            {
                case Outcome.Answered:
                    return true;
                case Outcome.Silent:
                    // A kept connection may have been ended as the request was under way. Its process is asked again, and no other:
                    // the request may be what the process died of.
                    if (kept is null || !_request.IsSafe || _request.Body != Framing.None) return await Say(Answer.Silent(route, target));
                    attempts.Silent(target);
                    continue;
                case Outcome.BadAnswer:
                    return await Say(Answer.BadAnswer(route, target, _passage.Complaint));
                case Outcome.BadRequest:
                    return await Say(Answer.BadRequest(400, "a body whose chunks are not sound"));
                case Outcome.Over when _passage.Rest.IsCompleted:
                    return false;
                default:
                    await Linger();
                    return false;
            }
        }
    }

    /// <summary>The head as it goes on, and what of the body has come with it.</summary>
    private void WriteRequest()
    {
        _out.Clear();
        HeadWriting.Request(_out, _request, _wire.Unread.Span, _all.Edge, _address);
        _wire.Consume(_request.Length);
        _body.Begin(_request.Body);
        if (_body.IsDone) return;
        var count = _body.Accept(_wire.Unread.Span);
        _out.Write(_wire.Unread.Span[..count]);
        _wire.Consume(count);
    }

    private static ReadOnlyMemory<byte> Cookie(Route route, RouteTarget target, string? bound) =>
        !route.Service.IsSticky || bound == target.Id ? default : Encoding.ASCII.GetBytes($"Set-Cookie: {StickyCookie.Set(route, target)}\r\n");

    /// <summary>Answers for itself; whether the connection goes on.</summary>
    private async ValueTask<bool> Say(Answer answer)
    {
        var goesOn = _body.IsDone && _passage.Rest.IsCompleted && _persists();
        var connection = !goesOn ? "Connection: close\r\n" : _request.IsHttp11 ? "" : "Connection: keep-alive\r\n";
        var taken = await _wire.Send(answer.ToBytes(_request.IsHead, connection));
        if (!goesOn) await Linger();
        return taken && goesOn;
    }

    private async ValueTask Linger()
    {
        _wire.EndSending();
        await using var limit = _all.Time.CreateTimer(_ => _wire.Close(), null, LingerLimit, Timeout.InfiniteTimeSpan);
        await _passage.Rest;
        while (await _wire.Fill()) _wire.Consume(_wire.Unread.Length);
    }
}
