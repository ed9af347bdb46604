using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// The trace that a promotion belongs to. The ids of its spans follow from the promotion's own id, so whoever drives it, and whoever
/// sends the trace, means the same spans.
/// </summary>
/// <param name="TraceId">32 lower-case hex digits, as in W3C Trace Context.</param>
/// <param name="Parent">The span of the caller, 16 lower-case hex digits; null: the promotion is the root.</param>
/// <param name="IsSampled">Whether its spans are sent; the caller's choice, where there is one.</param>
public sealed partial record PromotionTrace(string TraceId, string? Parent, bool IsSampled) : Extensible
{
    /// <summary>Whether the driver that recorded the end has a collector and sends the trace; else whoever began the promotion
    /// does.</summary>
    public bool IsSentByDriver { get; init; }

    /// <summary>The variable with the context of the caller, and with the promotion's own for the commands that it runs.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>A trace that begins here.</summary>
    public static PromotionTrace New() => new(RandomNumberGenerator.GetHexString(32, lowercase: true), null, IsSampled: true);

    /// <summary>The caller's trace; null: the text is no context of W3C Trace Context, which then counts as none.</summary>
    public static PromotionTrace? Parse(string? context) =>
        context is not null && Context().Match(context) is { Success: true } found && !IsZero(found.Groups[1]) && !IsZero(found.Groups[2])
            ? new(found.Groups[1].Value, found.Groups[2].Value, (Convert.ToByte(found.Groups[3].Value, 16) & 1) == 1)
            : null;

    /// <summary>The id of a span of a promotion.</summary>
    internal static string SpanId(PromotionId promotion, string span) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{promotion} {span}")).AsSpan(0, 8));

    /// <summary>The context of a span of a promotion, to hand on.</summary>
    internal string ContextOf(PromotionId promotion, string span) =>
        $"00-{TraceId}-{SpanId(promotion, span)}-{(IsSampled ? "01" : "00")}";

    private static bool IsZero(Group id) => id.Value.AsSpan().IndexOfAnyExcept('0') < 0;

    /// <summary>A later version of the standard may append fields.</summary>
    [GeneratedRegex(@"\A(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?\z")]
    private static partial Regex Context();
}
