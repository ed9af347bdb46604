using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>Specifies the outcome of a request at one process.</summary>
internal enum Outcome
{
    /// <summary>The request was answered completely; the client's connection can carry another request.</summary>
    Answered,

    /// <summary>The request was answered or no longer can be; the client's connection is over.</summary>
    Over,

    /// <summary>The request was answered before it was complete, and the rest may still arrive.</summary>
    AnsweredEarly,

    /// <summary>The process closed the connection without sending a byte.</summary>
    NoResponse,

    /// <summary>The process sent something other than a response that can be forwarded.</summary>
    InvalidResponse,

    /// <summary>The client sent something that can't be forwarded.</summary>
    BadRequest,
}

/// <summary>Forwards the requests of one connection to processes, one at a time, and returns the responses.</summary>
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
    private bool _hasAnswer;
    private long? _waitsSince;
    private long _since;
    private Action<bool>? _onClientEnded;
    private volatile bool _malformed;

    /// <summary>Gets a task that completes when the request's body is no longer being read.</summary>
    public Task Rest => _sending ?? Task.CompletedTask;

    /// <summary>Gets what was wrong with a response, as a predicate of the process.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Gets whether the client ended the exchange, so that the process isn't to blame for its end.</summary>
    private bool IsEndedByClient => client.IsBroken || _clientEnded;

    public void Dispose() => _out.Dispose();

    /// <summary>Forwards one request and its response.</summary>
    /// <param name="target">The target that the request has entered; it is left here.</param>
    /// <param name="process">The connection to it, which this call takes over.</param>
    /// <param name="sent">The head for the process, with the part of the body that has arrived.</param>
    /// <param name="persists">Determines whether the client's connection may stay open after the response.</param>
    /// <param name="own">The router's own lines for the response, or none.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> Run(
        RouteTarget target, BufferedConnection process, ByteWriter sent, Func<bool> persists, ReadOnlyMemory<byte> own)
    {
        _entered = target;
        lock (_gate) (_process, _clientEnded, _kept, _hasAnswer) = (process, false, false, false);
        _sending = null;
        _malformed = false;
        _since = time.GetTimestamp();
        try
        {
            // Even if sending fails, the process may have responded before it closed the connection.
            await process.Send(sent.Written);
            if (body.IsDone) BeginWait(target);
            else _sending = SendBody(target, process);
            return await Receive(target, process, sent, persists, own);
        }
        catch (MalformedMessage malformed)
        {
            return Bad($"answered with {malformed.Message}");
        }
        finally
        {
            Leave();
            var isGivenUp = Forget() || client.IsBroken;
            EndWait(target, isGivenUp);
            if (!_kept) process.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> Receive(
        RouteTarget target, BufferedConnection process, ByteWriter sent, Func<bool> persists, ReadOnlyMemory<byte> own)
    {
        if (!await ReadHead(process))
            return process.Unread.Length > 0 && !IsEndedByClient ? Bad("broke off in the head of its answer") : NoAnswer();
        sent.Dispose();
        EndWait(target, isGivenUp: false);
        var (isUpgrade, framing) = (_response.Status == 101, _response.Body(request));
        if (isUpgrade && !request.WantsUpgrade) return Bad("changed the protocol without being asked to");
        if (!isUpgrade && framing.Kind == FramingKind.Chunked && !request.IsHttp11)
            return Bad("answered in chunks, which HTTP/1.0 doesn't have");
        if (isUpgrade) return await Upgrade(target, process, own);
        if (_response.IsEventStream) Leave();
        var goesOn = framing.Kind != FramingKind.UntilClose && persists();
        var passed = await Answer(target, process, framing, Connection(goesOn), own);
        Leave();
        if (passed == BodyResult.Malformed || passed == BodyResult.SenderEnded)
        {
            if (!IsEndedByClient) target.Traffic.BrokenOff(_response.Status);
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

    /// <summary>Forwards informational responses, and reads the head of the final one.</summary>
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
        RouteTarget target, BufferedConnection process, Framing framing, ReadOnlyMemory<byte> connection, ReadOnlyMemory<byte> own)
    {
        _out.Clear();
        HeadWriter.Response(_out, _response, process.Unread.Span, connection.Span, own.Span);
        process.Consume(_response.Length);
        _answer.Begin(framing);
        // A small response is sent as one block; for a large one, only the head is copied.
        if (!_answer.IsDone && process.Unread.Length is > 0 and <= BufferPool.Small)
        {
            var count = _answer.Accept(process.Unread.Span);
            _out.Write(process.Unread.Span[..count]);
            process.Consume(count);
            // Include the usual end of chunks in the block.
            if (_answer.IsAtTrailers && process.Unread.Span.StartsWith("\r\n"u8))
            {
                _out.Write("\r\n"u8);
                process.Consume(2);
                _answer.End();
            }
        }

        // From here on, the answer can't be replaced by one of the router's.
        CountAnswer(target);
        var taken = await client.Send(_out.Written);
        _out.Dispose();
        return taken ? await BodyForwarder.Forward(process, client, _answer) : BodyResult.ReceiverEnded;
    }

    private async ValueTask<Outcome> Upgrade(RouteTarget target, BufferedConnection process, ReadOnlyMemory<byte> own)
    {
        Leave();
        CountAnswer(target);
        _out.Clear();
        HeadWriter.Response(_out, _response, process.Unread.Span, [], own.Span);
        process.Consume(_response.Length);
        _out.Write(process.Unread.Span);
        process.Consume(process.Unread.Length);
        var taken = await client.Send(_out.Written);
        _out.Dispose();
        if (!taken || (_sending is not null && await _sending != BodyResult.Complete)) return Outcome.Over;
        Forget();
        if (client.Unread.Length > 0)
        {
            await process.Send(client.Unread);
            client.Consume(client.Unread.Length);
        }

        await Task.WhenAll(BodyForwarder.ForwardAll(client, process), BodyForwarder.ForwardAll(process, client));
        return Outcome.Over;
    }

    private async Task<BodyResult> SendBody(RouteTarget target, BufferedConnection process)
    {
        var passed = await BodyForwarder.Forward(client, process, body);
        if (passed == BodyResult.Complete)
        {
            BeginWait(target);
        }
        else if (passed == BodyResult.Malformed || client.IsBroken)
        {
            _malformed = passed == BodyResult.Malformed;
            ClientEnded(broken: true);
        }
        else if (passed == BodyResult.SenderEnded)
        {
            ClientEnded(broken: false);
        }

        return passed;
    }

    /// <summary>
    /// The request is complete, so the process owes an answer, unless it has already answered. The time before this is the client's.
    /// </summary>
    private void BeginWait(RouteTarget target)
    {
        lock (_gate)
            if (!_hasAnswer) (_waitsSince, _since) = (target.Traffic.Wait(), time.GetTimestamp());
        client.Watch(_onClientEnded ??= ClientEnded);
    }

    private void EndWait(RouteTarget target, bool isGivenUp)
    {
        lock (_gate)
        {
            _hasAnswer = true;
            if (_waitsSince is { } since) target.Traffic.EndWait(since, isGivenUp);
            _waitsSince = null;
        }
    }

    private void CountAnswer(RouteTarget target) => target.Traffic.Answered(_response.Status, time.GetElapsedTime(_since));

    /// <summary>Passes the client's end on to the process: either that it sends no more, or that it is gone.</summary>
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
        return IsEndedByClient ? Outcome.Over : Outcome.NoResponse;
    }

    private Outcome Bad(string error)
    {
        Error = error;
        return Outcome.InvalidResponse;
    }

    /// <summary>Waits for the rest of a request that is already answered, but not long. Returns whether it is complete.</summary>
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

    /// <summary>Stops passing the client's end on to the process. Returns whether the client had ended.</summary>
    private bool Forget()
    {
        client.Unwatch();
        lock (_gate)
        {
            _process = null;
            return _clientEnded;
        }
    }
}
