using Xunit;

namespace Releases.Tests.Tracing;

/// <summary>The caller's context, as W3C Trace Context has it.</summary>
public sealed class PromotionTraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Span = "00f067aa0ba902b7";

    [Theory]
    [InlineData($"00-{TraceId}-{Span}-01", true)]
    [InlineData($"00-{TraceId}-{Span}-00", false)]
    [InlineData($"00-{TraceId}-{Span}-03", true)]
    [InlineData($"01-{TraceId}-{Span}-01-of-a-later-version", true)]
    public void A_context_is_taken_up_with_the_callers_choice(string context, bool isSampled) =>
        Assert.Equal(new(TraceId, Span, isSampled), PromotionTrace.Parse(context));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    public void What_is_no_context_counts_as_none(string? context) => Assert.Null(PromotionTrace.Parse(context));

    [Fact]
    public void What_is_handed_on_is_a_context_of_the_same_trace_and_of_a_span_of_the_promotion()
    {
        var (promotion, trace) = (PromotionId.New(), PromotionTrace.New());
        var next = PromotionTrace.Parse(trace.ContextOf(promotion, SpanNames.Promotion))!;
        Assert.Equal(
            (trace.TraceId, PromotionTrace.SpanId(promotion, SpanNames.Promotion), true), (next.TraceId, next.Parent, next.IsSampled));
        Assert.EndsWith("-00", (trace with { IsSampled = false }).ContextOf(promotion, SpanNames.Check), StringComparison.Ordinal);
    }
}
