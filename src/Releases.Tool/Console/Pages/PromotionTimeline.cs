using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Releases.Tool;

/// <summary>Represents when each service of a promotion reached which status, as a picture that needs no scripts.</summary>
/// <param name="Start">The start of the promotion.</param>
/// <param name="End">The end of the promotion, or the current time while it is running.</param>
/// <param name="Rows">A row for each service.</param>
internal sealed record PromotionTimeline(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<TimelineRow> Rows)
{
    private const int RowHeight = 52, Top = 4, Axis = 26, Ticks = 4;

    /// <summary>
    /// Screen widths and text metrics in pixels. The text of a bar is shown where it fits: even on a phone, only from a tablet on, or
    /// nowhere.
    /// </summary>
    private const double Phone = 290, Tablet = 620, Letter = 7.5, Inset = 8;

    /// <summary>Creates the timeline, or returns null if no service has started.</summary>
    public static PromotionTimeline? From(Promotion promotion, DateTimeOffset now)
    {
        var end = promotion.EndedAt ?? now;
        IReadOnlyList<TimelineRow> rows = [.. promotion.Services.Where(s => s.Timeline.Count > 0)
            .Select(s => new TimelineRow(s.Service.ToString(), [.. Spans(s, promotion, end)]))];
        return rows.Count == 0 || end <= promotion.StartedAt ? null : new(promotion.StartedAt, end, rows);
    }

    /// <summary>Renders the picture. Positions are percentages of its width, so that the font size is the same on every screen.</summary>
    public HtmlString Svg()
    {
        var height = Top + Rows.Count * RowHeight + Axis;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<div class=\"scroll timeline\"><svg height=\"{height}\" role=\"img\" aria-label=\"{Encode(Summary)}\">");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, anchor) = (100 * tick / Ticks, tick switch { 0 => "start", Ticks => "end", _ => "middle" });
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{x}%\" y1=\"{Top}\" x2=\"{x}%\" y2=\"{height - Axis}\"/><text class=\"tick\" x=\"{x}%\" "
                    + $"y=\"{height - 8}\" text-anchor=\"{anchor}\">{TextOf((End - Start) * tick / Ticks)}</text>");
        }

        foreach (var (index, row) in Rows.Index())
        {
            var y = Top + index * RowHeight;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"0\" y=\"{y + 14}\">{Encode(row.Name)}</text>");
            foreach (var span in row.Spans) Draw(svg, span, y + 20);
        }

        return new(svg.Append("</svg></div>").ToString());
    }

    private void Draw(StringBuilder svg, TimelineSpan span, int y)
    {
        var (from, share) = (Share(span.From), Share(span.Until) - Share(span.From));
        svg.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"{span.Style.ToString().ToLowerInvariant()}\" x=\"{100 * from:0.##}%\" y=\"{y}\" "
                + $"width=\"{Math.Max(100 * share, .4):0.##}%\" height=\"24\" rx=\"4\">"
                + $"<title>{Encode(span.Text)}, {TextOf(span.Until - span.From)}</title></rect>");
        var words = span.Text.Length * Letter + 2 * Inset;
        if (share * Tablet >= words)
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"{(share * Phone >= words ? "in" : "in roomy")}\" x=\"{100 * from:0.##}%\" dx=\"{Inset}\" y=\"{y + 17}\">"
                    + $"{Encode(span.Text)}</text>");
    }

    private string Summary => string.Join(". ",
        Rows.Select(r => $"{r.Name}: {string.Join(", ", r.Spans.Select(s => $"{s.Text} after {TextOf(s.From - Start)}"))}"));

    /// <summary>
    /// Formats a duration. In a promotion of a few seconds, whole ones would all be the same. Like everywhere else, it isn't rounded up.
    /// </summary>
    private string TextOf(TimeSpan duration) => End - Start < TimeSpan.FromSeconds(10)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalSeconds * 10) / 10:0.#}s")
        : Duration.Elapsed(duration);

    private double Share(DateTimeOffset at) => Math.Clamp((at - Start) / (End - Start), 0, 1);

    private static IEnumerable<TimelineSpan> Spans(PromotionService service, Promotion promotion, DateTimeOffset end)
    {
        for (var i = 0; i < service.Timeline.Count; i++)
        {
            var (step, next) = (service.Timeline[i], i + 1 < service.Timeline.Count ? service.Timeline[i + 1] : null);
            var (from, until) = (step.At < promotion.StartedAt ? promotion.StartedAt : step.At, next?.At ?? end);
            yield return next is { Omitted: > 0 }
                ? new($"{StatusText.Of(step.Status)}, then {StatusText.OfOmitted(next)}", TextStyle.Plain, from, until)
                : new(StatusText.Of(step.Status), StatusText.StyleOf(step.Status), from, until);
        }
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>Represents the row of a service.</summary>
internal sealed record TimelineRow(string Name, IReadOnlyList<TimelineSpan> Spans);

/// <summary>Represents a period in which a service had a status.</summary>
internal sealed record TimelineSpan(string Text, TextStyle Style, DateTimeOffset From, DateTimeOffset Until);
