using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Releases.Tool;

/// <summary>One measure of a service, minute by minute, as a small picture that needs no scripts.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Values">A value for each minute, the newest last; null: it wasn't measured.</param>
/// <param name="Text">A value for people.</param>
internal sealed record Sparkline(string Name, IReadOnlyList<double?> Values, Func<double, string> Text)
{
    private const double Width = 120, Height = 28, Edge = 2;

    /// <summary>The value of the last whole minute.</summary>
    public string Latest => Values is [.., { } latest] ? Text(latest) : "–";

    /// <summary>The highest value.</summary>
    public string Peak => Values.Max() is { } peak ? Text(peak) : "–";

    /// <param name="of">The service.</param>
    /// <param name="marks">Where vertical lines stand: from 0, the begin, to 1, the end.</param>
    public HtmlString Svg(ServiceName of, IReadOnlyList<TrendMark> marks)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg class=\"spark\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" "
                + $"aria-label=\"{Encode($"{Name} of {of} in the last hour: now {Latest}, peak {Peak}")}\">");
        foreach (var mark in marks)
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"{mark.Style.ToString().ToLowerInvariant()}\" x1=\"{mark.At * Width:0.#}\" y1=\"0\" "
                    + $"x2=\"{mark.At * Width:0.#}\" y2=\"{Height}\"><title>{Encode(mark.Text)}</title></line>");
        return new(svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{Path()}\"/></svg>").ToString());
    }

    /// <summary>A line through what was measured. It has gaps where nothing was, and a point where only one minute was.</summary>
    private string Path()
    {
        var (path, top) = (new StringBuilder(), Math.Max(Values.Max() ?? 0, double.Epsilon));
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i] is not { } value) continue;
            var (x, y) = ((i + 1) * Width / Values.Count, Edge + (Height - 2 * Edge) * (1 - value / top));
            var starts = i == 0 || Values[i - 1] is null;
            path.Append(CultureInfo.InvariantCulture, $"{(starts ? "M" : "L")}{x:0.#} {y:0.#}");
            if (starts && (i == Values.Count - 1 || Values[i + 1] is null)) path.Append("h0");
        }

        return path.ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>A promotion in the pictures.</summary>
/// <param name="At">When it began: from 0, the begin of the time, to 1, its end.</param>
/// <param name="Text">What it was.</param>
/// <param name="Style">How it ended.</param>
/// <param name="Promotion">The promotion.</param>
internal sealed record TrendMark(double At, string Text, TextStyle Style, PromotionId Promotion);
