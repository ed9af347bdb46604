using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Releases.Tool;

/// <summary>Represents one metric of a service, minute by minute, as a small picture that needs no scripts.</summary>
/// <param name="Name">The name of the metric.</param>
/// <param name="Values">A value for each minute, newest last; null if it wasn't measured.</param>
/// <param name="Text">Formats a value.</param>
internal sealed record Sparkline(string Name, IReadOnlyList<double?> Values, Func<double, string> Text)
{
    private const double Width = 120, Height = 28, Edge = 2;

    public bool HasValues => Values.Any(v => v is not null);

    /// <summary>Gets the value of the last complete minute.</summary>
    public string Latest => Values is [.., { } latest] ? Text(latest) : "–";

    /// <summary>Gets the highest value.</summary>
    public string Peak => Values.Max() is { } peak ? Text(peak) : "–";

    /// <param name="of">The service.</param>
    /// <param name="marks">The promotions to mark with vertical lines.</param>
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

    /// <summary>Returns the path of the line, with gaps where values are missing, and a point where a single minute was measured.</summary>
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

/// <summary>Represents the mark of a promotion in the pictures.</summary>
/// <param name="At">The start of the promotion, from 0 at the beginning of the period to 1 at its end.</param>
/// <param name="Text">The description of the promotion.</param>
/// <param name="Style">The style of its outcome.</param>
/// <param name="Promotion">The promotion.</param>
internal sealed record TrendMark(double At, string Text, TextStyle Style, PromotionId Promotion);
