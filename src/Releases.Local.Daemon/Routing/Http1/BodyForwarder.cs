using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>Specifies the outcome of forwarding a body.</summary>
internal enum BodyResult
{
    Complete,

    /// <summary>The sender ended before the body was complete.</summary>
    SenderEnded,

    ReceiverEnded,

    /// <summary>The body can't be forwarded, because its chunks are malformed.</summary>
    Malformed,
}

/// <summary>Forwards bodies as they arrive.</summary>
internal static class BodyForwarder
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<BodyResult> Forward(BufferedConnection from, BufferedConnection to, Body body)
    {
        try
        {
            while (!body.IsDone)
            {
                if (body.IsAtTrailers) return await ForwardTrailers(from, to, body);
                var count = body.Accept(from.Unread.Span);
                if (count > 0)
                {
                    if (!await to.Send(from.Unread[..count])) return BodyResult.ReceiverEnded;
                    from.Consume(count);
                }
                else if (!await from.Fill())
                {
                    return body.EndsWithConnection && !from.IsBroken ? BodyResult.Complete : BodyResult.SenderEnded;
                }
            }

            return BodyResult.Complete;
        }
        catch (MalformedMessage)
        {
            return BodyResult.Malformed;
        }
    }

    /// <summary>Forwards everything that one side sends until it ends, and then forwards the end.</summary>
    public static async Task ForwardAll(BufferedConnection from, BufferedConnection to)
    {
        while (await from.Fill())
        {
            if (!await to.Send(from.Unread))
            {
                from.Abort();
                return;
            }

            from.Consume(from.Unread.Length);
        }

        if (from.IsBroken) to.Abort();
        else to.EndSending();
    }

    private static async ValueTask<BodyResult> ForwardTrailers(BufferedConnection from, BufferedConnection to, Body body)
    {
        int length;
        while ((length = Length(from.Unread.Span)) == 0)
        {
            FieldLines.RequireLineEnds(from.Unread.Span, 0);
            if (from.Unread.Length > MessageHead.MaxBytes) return BodyResult.Malformed;
            if (!await from.Fill()) return BodyResult.SenderEnded;
        }

        using var trailers = new ByteWriter();
        var fields = new List<Field>();
        if (!FieldLines.TryRead(from.Unread.Span[..length], 0, fields, out _)) return BodyResult.Malformed;
        HeadWriter.Trailers(trailers, fields, from.Unread.Span);
        from.Consume(length);
        body.End();
        return await to.Send(trailers.Written) ? BodyResult.Complete : BodyResult.ReceiverEnded;
    }

    private static int Length(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\r\n"u8)) return 2;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end < 0 ? 0 : end + 4;
    }
}
