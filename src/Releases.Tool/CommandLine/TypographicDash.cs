using System.Globalization;
using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Detects options copied from a page or document that turned hyphens into dashes, such as <c>–p</c> or <c>—json</c>.</summary>
internal static partial class TypographicDash
{
    /// <summary>Returns the problem, or null if there is none.</summary>
    public static Problem? Find(IEnumerable<string> arguments)
    {
        foreach (var option in arguments.TakeWhile(a => a != "--").Select(a => Option().Match(a)).Where(m => m.Success))
        {
            var name = option.Groups["name"].Value;
            var dash = string.Create(CultureInfo.InvariantCulture, $"U+{(int)option.Groups["dash"].Value[0]:X4}");
            return new(
                ProblemCode.Usage, $"'{option.Value}' begins with a typographic dash ({dash}) instead of a hyphen.",
                $"Did you mean {(name.Length == 1 ? "-" : "--")}{name}?", ProblemKind.Usage);
        }

        return null;
    }

    [GeneratedRegex(@"\A-?(?<dash>[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D])[-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]?(?<name>[A-Za-z][A-Za-z-]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
