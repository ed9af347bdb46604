using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Converts a line that a program printed to HTML. Colors become classes of the style sheet, other escape sequences are removed, and all
/// text is encoded. The sixteen named colors follow the theme; the 256 and 24-bit colors map to the nearest named one, so that all text
/// stays legible.
/// </summary>
internal static partial class AnsiHtml
{
    private const int Bold = 1, Faint = 2, Italic = 3, Underline =
        4, Normal = 22, NoItalic = 23, NoUnderline = 24, Extended = 38, ExtendedBackground = 48, Default = 39, DefaultBackground = 49;

    public static string From(string text)
    {
        if (!text.Contains('\u001b', StringComparison.Ordinal)) return HtmlEncoder.Default.Encode(SafeText.WithoutEscapes(text));
        var html = new StringBuilder();
        var (style, from) = (default(Style), 0);
        foreach (Match match in Color().Matches(text))
        {
            Append(html, text[from..match.Index], style);
            style = style.After(match.Groups[1].Value);
            from = match.Index + match.Length;
        }

        Append(html, text[from..], style);
        return html.ToString();
    }

    private static void Append(StringBuilder html, string text, Style style)
    {
        var shown = HtmlEncoder.Default.Encode(SafeText.WithoutEscapesUntrimmed(text));
        if (shown.Length == 0) return;
        if (style == default) html.Append(shown);
        else html.Append(CultureInfo.InvariantCulture, $"<span class=\"{style.Classes}\">{shown}</span>");
    }

    [GeneratedRegex(@"\e\[([0-9;:]{0,40})m", RegexOptions.CultureInvariant)]
    private static partial Regex Color();

    private readonly record struct Style(int? Foreground, int? Background, bool IsBold, bool IsFaint, bool IsItalic, bool IsUnderlined)
    {
        public string Classes => string.Join(' ', new[]
        {
            Color is { } color
                ? $"c{color}"
                : null, IsBold ? "cb" : null, IsFaint ? "cf" : null, IsItalic ? "ci" : null, IsUnderlined ? "cu" : null,
        }.Where(c => c is not null));

        /// <summary>
        /// Gets the color of the text. Text on a colored background, as loggers write errors, takes the color of its background.
        /// </summary>
        private int? Color => Background > 0 && (Foreground is null or 0 or 7) ? Background : Foreground;

        public Style After(string codes)
        {
            var style = this;
            var parts = codes.Split(';', ':');
            for (var i = 0; i < parts.Length; i++)
            {
                var code = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
                if (code is Extended or ExtendedBackground)
                {
                    var (color, used) = Read(parts.AsSpan(i + 1));
                    i += used;
                    style = code == Extended ? style with { Foreground = color } : style with { Background = color };
                    continue;
                }

                style = code switch
                {
                    0 => default,
                    Bold => style with { IsBold = true },
                    Faint => style with { IsFaint = true },
                    Italic => style with { IsItalic = true },
                    Underline => style with { IsUnderlined = true },
                    Normal => style with { IsBold = false, IsFaint = false },
                    NoItalic => style with { IsItalic = false },
                    NoUnderline => style with { IsUnderlined = false },
                    >= 30 and <= 37 => style with { Foreground = code - 30 },
                    >= 90 and <= 97 => style with { Foreground = code - 90 },
                    >= 40 and <= 47 => style with { Background = code - 40 },
                    >= 100 and <= 107 => style with { Background = code - 100 },
                    Default => style with { Foreground = null },
                    DefaultBackground => style with { Background = null },
                    _ => style,
                };
            }

            return style;
        }

        /// <summary>Reads the color that follows 38 or 48: <c>5;n</c> or <c>2;r;g;b</c>.</summary>
        private static (int? Color, int Used) Read(ReadOnlySpan<string> parts)
        {
            int? Number(ReadOnlySpan<string> of, int at) =>
                at < of.Length && byte.TryParse(of[at], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
            return Number(parts, 0) switch
            {
                5 => (Number(parts, 1) is { } index ? Named(index) : null, 2),
                2 => (Number(parts, 1) is { } r && Number(parts, 2) is { } g && Number(parts, 3) is { } b ? Nearest(r, g, b) : null, 4),
                _ => (null, 0),
            };
        }

        private static int Named(int index) => index switch
        {
            < 16 => index % 8,
            < 232 => Nearest((index - 16) / 36 * 51, (index - 16) / 6 % 6 * 51, (index - 16) % 6 * 51),
            _ => Nearest((index - 232) * 10 + 8, (index - 232) * 10 + 8, (index - 232) * 10 + 8),
        };

        private static int Nearest(int red, int green, int blue)
        {
            var half = Math.Max(Math.Max(red, Math.Max(green, blue)) / 2, 64);
            return (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
        }
    }
}
