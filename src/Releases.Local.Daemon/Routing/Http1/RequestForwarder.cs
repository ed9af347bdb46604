using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>What became of a request at one process.</summary>
internal enum Outcome
{
    /// <summary>Answered in full; the client's connection can take another request.</summary>
    Answered,

    /// <summary>Answered, or no longer to be answered: the client's connection is over.</summary>
    Over,

    /// <summary>Answered before the request was whole, and the rest of it may still come.</summary>
    AnsweredEarly,

    /// <summary>The process ended the connection without a byte.</summary>
    NoResponse,

    /// <summary>What the process sent is no answer that can be passed on.</summary>
    InvalidResponse,

    /// <summary>What the client sent cannot be passed on.</summary>
    BadRequest,
}

/// <summary>Passes the requests of one connection to processes, one at a time, and their answers back.</summary>
internal sealed class RequestForwarder(BufferedConnection client, RequestHead request, Body body, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RequestBodyTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ResponseHead _response = new();
    private readonly Body _answer = new();
    private readonly ByteWriter _out = new();
    private BufferedConnection? _process;
    private RouteTarget? _entered;
    private Task<BodyResult>? _sending;
    private bool _clientEnded;
    private bool _kept;
    private long _since;
    private Action<bool>? _onClientEnded;
    private volatile bool _malformed;

    /// <summary>Completes when the body of the request is no longer being read.</summary>
    public Task Rest => _sending ?? Task.CompletedTask;

    /// <summary>What was wrong with an answer, to follow the process in a sentence.</summary>
    public string Error { get; private set; } = "";

    public void Dispose() => _out.Dispose();

    /// <summary>Passes one request and its answer.</summary>
    /// <param name="target">Where the request was counted in; it is counted out here.</param>
    /// <param name="process">The connection to it, which is this passage's from now on.</param>
    /// <param name="sent">The head as the process gets it, and what of the body there was.</param>
    /// <param name="persists">Whether the client's connection may stay open after the answer.</param>
    /// <param name="own">Lines of the router's own for the answer, or nothing.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> Run(
        RouteTarget target, BufferedConnection process, ByteWriter sent, Func<bool> persists, ReadOnlyMemory<byte> own)
    {
        _entered = target;
        lock (_gate) (_process, _clientEnded, _kept) = (process, false, false);
        _sending = null;
        _malformed = false;
        _since = time.GetTimestamp();
        try
        {
            // Where that fails, the process may have answered before it stopped listening.
            await process.Send(sent.Written);
            if (body.IsDone) client.Watch(_onClientEnded ??= ClientEnded);
            else _sending = SendBody(process);
            return await Receive(target, process, sent, persists, own);
        }
        catch (MalformedMessage malformed)
        {
            return Bad($"answered with {malformed.Message}");
        }
        finally
        {
            Leave();
            Forget();
            if (!_kept) process.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> Receive(
        RouteTarget target, BufferedConnection process, ByteWriter sent, Func<bool> persists, ReadOnlyMemory<byte> own)
    {
        if (!await ReadHead(process)) return process.Unread.Length > 0 ? Bad("broke off in the head of its answer") : NoAnswer();
        sent.Dispose();
        target.Traffic.Answered(_response.Status, time.GetElapsedTime(_since));
        if (_response.Status == 101)
            return request.WantsUpgrade ? await Upgrade(process, own) : Bad("changed the protocol without being asked to");

        var framing = _response.Body(request);
        if (framing.Kind == FramingKind.Chunked && !request.IsHttp11) return Bad("answered in chunks, which HTTP/1.0 doesn't have");
        if (_response.IsEventStream) Leave();
        var goesOn = framing.Kind != FramingKind.UntilClose && persists();
        var passed = await Answer(process, framing, Connection(goesOn), own);
        Leave();
        if (passed == BodyResult.Malformed || passed == BodyResult.SenderEnded)
        {
            if (!_clientEnded) target.Traffic.Failed();
            client.Abort();
        }

        if (passed != BodyResult.Complete) return Outcome.Over;
        if (_sending is not null && !await IsWhole(_sending)) return Outcome.AnsweredEarly;
        if (_response.Persists && framing.Kind != FramingKind.UntilClose && process.Unread.Length == 0 && !Forget())
        {
            _kept = true;
            target.Connections.Keep(process, time);
        }

        return goesOn ? Outcome.Answered : Outcome.Over;
    }

    /// <summary>Passes informational answers on, and returns with the head of the real one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadHead(BufferedConnection process)
    {
        while (true)
        {
            _response.Clear();
            while (!_response.TryRead(process.Unread.Span))
                if (!await process.Fill()) return false;
            if (!_response.IsInformational) return true;
            if (request.IsHttp11)
            {
                _out.Clear();
                HeadWriter.Response(_out, _response, process.Unread.Span, [], []);
                await client.Send(_out.Written);
            }

            process.Consume(_response.Length);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BodyResult> Answer(
        BufferedConnection process, Framing framing, ReadOnlyMemory<byte> connection, ReadOnlyMemory<byte> own)
    {
        _out.Clear();
        HeadWriter.Response(_out, _response, process.Unread.Span, connection.Span, own.Span);
        process.Consume(_response.Length);
        _answer.Begin(framing);
        // A small answer is one piece; of a large one only the head is copied.
        if (!_answer.IsDone && process.Unread.Length is > 0 and <= BufferPool.Small)
        {
            var count = _answer.Accept(process.Unread.Span);
            _out.Write(process.Unread.Span[..count]);
            process.Consume(count);
            // The usual end of chunks, so that a small answer is one piece.
            if (_answer.IsAtTrailers && process.Unread.Span.StartsWith("\r\n"u8))
            {
                _out.Write("\r\n"u8);
                process.Consume(2);
                _answer.End();
            }
        }

        var taken = await client.Send(_out.Written);
        _out.Dispose();
        return taken ? await BodyForwarder.Forward(process, client, _answer) : BodyResult.ReceiverEnded;
    }

    private async ValueTask<Outcome> Upgrade(BufferedConnection process, ReadOnlyMemory<byte> own)
    {
        Leave();
        _out.Clear();
        HeadWriter.Response(_out, _response, process.Unread.Span, [], own.Span);
        process.Consume(_response.Length);
        _out.Write(process.Unread.Span);
        process.Consume(process.Unread.Length);
        var taken = await client.Send(_out.Written);
        _out.Dispose();
        if (!taken || (_sending is not null && await _sending != BodyResult.Complete)) return Outcome.Over;
        if (client.Unread.Length > 0)
        {
            await process.Send(client.Unread);
            client.Consume(client.Unread.Length);
        }

        await Task.WhenAll(BodyForwarder.ForwardAll(client, process), BodyForwarder.ForwardAll(process, client));
        return Outcome.Over;
    }

    private async Task<BodyResult> SendBody(BufferedConnection process)
    {
        var passed = await BodyForwarder.Forward(client, process, body);
        if (passed == BodyResult.Complete)
        {
            client.Watch(_onClientEnded ??= ClientEnded);
        }
        else if (passed == BodyResult.Malformed || client.IsBroken)
        {
            _malformed = passed == BodyResult.Malformed;
            process.Abort();
        }
        else if (passed == BodyResult.SenderEnded)
        {
            ClientEnded(false);
        }


        return passed;
    }

    /// <summary>
    /// What follows from an end of the client's: the process sees the same, that the client sends no more or that it is gone.
    /// </summary>
    private void ClientEnded(bool broken)
    {
        lock (_gate)
        {
            if (_process is not { } process) return;
            _clientEnded = true;
            if (broken) process.Abort();
            else process.EndSending();
        }
    }

    private Outcome NoAnswer()
    {
        if (_malformed) return Outcome.BadRequest;
        return client.IsBroken || _clientEnded ? Outcome.Over : Outcome.NoResponse;
    }

    private Outcome Bad(string error)
    {
        Error = error;
        return Outcome.InvalidResponse;
    }

    /// <summary>The rest of a request that is answered already; a client that doesn't send it soon isn't waited for.</summary>
    private async ValueTask<bool> IsWhole(Task<BodyResult> sending)
    {
        if (!sending.IsCompleted) await Task.WhenAny(sending, Task.Delay(RequestBodyTimeout, time));
        return sending.IsCompleted && await sending == BodyResult.Complete;
    }

    private ReadOnlyMemory<byte> Connection(bool goesOn) =>
        goesOn ? request.IsHttp11 ? default : "Connection: keep-alive\r\n"u8.ToArray() : "Connection: close\r\n"u8.ToArray();

    private void Leave()
    {
        _entered?.Leave();
        _entered = null;
    }

    /// <summary>From now on an end of the client's says nothing to this process; whether it did before.</summary>
    private bool Forget()
    {
        lock (_gate)
        {
            _process = null;
            return _clientEnded;
        }
    }
}
