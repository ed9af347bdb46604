using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Represents the trace that a promotion belongs to. The ids of its spans are derived from the promotion's id, so every driver, and every
/// process that sends the trace, uses the same ids.
/// </summary>
/// <param name="TraceId">The trace id: 32 lower-case hex digits, as in W3C Trace Context.</param>
/// <param name="Parent">The caller's span, 16 lower-case hex digits, or null if the promotion is the root.</param>
/// <param name="IsSampled">Whether its spans are sent; decided by the caller, if there is one.</param>
public sealed partial record PromotionTrace(string TraceId, string? Parent, bool IsSampled) : Extensible
{
    /// <summary>
    /// Whether the driver that recorded the end has a collector and sends the trace; otherwise, the process that started the promotion
    /// does.
    /// </summary>
    public bool IsSentByDriver { get; init; }

    /// <summary>The variable with the caller's trace context, and with the promotion's own for the commands that it runs.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>Creates a trace that begins here.</summary>
    public static PromotionTrace New() => new(RandomNumberGenerator.GetHexString(32, lowercase: true), null, IsSampled: true);

    /// <summary>Parses the caller's trace context. Returns null if the text isn't valid W3C Trace Context, which is then ignored.</summary>
    public static PromotionTrace? Parse(string? context) =>
        context is not null && Context().Match(context) is { Success: true } found && !IsZero(found.Groups[1]) && !IsZero(found.Groups[2])
            ? new(found.Groups[1].Value, found.Groups[2].Value, (Convert.ToByte(found.Groups[3].Value, 16) & 1) == 1)
            : null;

    /// <summary>Returns the id of a span of a promotion.</summary>
    internal static string SpanId(PromotionId promotion, string span) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{promotion} {span}")).AsSpan(0, 8));

    /// <summary>Returns the trace context of a span of a promotion, to pass on.</summary>
    internal string ContextOf(PromotionId promotion, string span) =>
        $"00-{TraceId}-{SpanId(promotion, span)}-{(IsSampled ? "01" : "00")}";

    private static bool IsZero(Group id) => id.Value.AsSpan().IndexOfAnyExcept('0') < 0;

    /// <summary>A later version of the standard may append fields.</summary>
    [GeneratedRegex(@"\A(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?\z")]
    private static partial Regex Context();
}
