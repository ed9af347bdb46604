using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>How a body went from one connection to another.</summary>
internal enum Passed
{
    Whole,

    /// <summary>Its sender ended before it was whole.</summary>
    SenderEnded,

    ReceiverEnded,

    /// <summary>It cannot be passed on: its chunks are not sound.</summary>
    Malformed,
}

/// <summary>Passes bodies on as they arrive.</summary>
internal static class BodyPassing
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Passed> Pass(Wire from, Wire to, Body body)
    {
        try
        {
            while (!body.IsDone)
            {
                if (body.IsAtTrailers) return await PassTrailers(from, to, body);
                var count = body.Accept(from.Unread.Span);
                if (count > 0)
                {
                    if (!await to.Send(from.Unread[..count])) return Passed.ReceiverEnded;
                    from.Consume(count);
                }
                else if (!await from.Fill())
                {
                    return body.EndsWithConnection && !from.IsBroken ? Passed.Whole : Passed.SenderEnded;
                }
            }

            return Passed.Whole;
        }
        catch (MalformedMessage)
        {
            return Passed.Malformed;
        }
    }

    /// <summary>Everything one side sends until it has no more to say, and then that it has not.</summary>
    public static async Task PassEverything(Wire from, Wire to)
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

    private static async ValueTask<Passed> PassTrailers(Wire from, Wire to, Body body)
    {
        int length;
        while ((length = Length(from.Unread.Span)) == 0)
        {
            FieldLines.RequireLineEnds(from.Unread.Span, 0);
            if (from.Unread.Length > MessageHead.Most) return Passed.Malformed;
            if (!await from.Fill()) return Passed.SenderEnded;
        }

        using var trailers = new ByteWriter();
        var fields = new List<Field>();
        if (!FieldLines.TryRead(from.Unread.Span[..length], 0, fields, out _)) return Passed.Malformed;
        HeadWriting.Trailers(trailers, fields, from.Unread.Span);
        from.Consume(length);
        body.End();
        return await to.Send(trailers.Written) ? Passed.Whole : Passed.ReceiverEnded;
    }

    private static int Length(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\r\n"u8)) return 2;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end < 0 ? 0 : end + 4;
    }
}
