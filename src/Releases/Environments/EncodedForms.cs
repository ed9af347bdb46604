using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Lists the forms that a secret takes in the logs of programs that encode what they print: in addresses, JSON, markup, Base64 and
/// hexadecimal.
/// </summary>
internal static partial class EncodedForms
{
    /// <summary>Shorter pieces of Base64 or hexadecimal occur in many texts that don't contain the secret.</summary>
    private const int MinPieceLength = 8;

    /// <summary>Returns the secret and its distinct encoded forms.</summary>
    public static IEnumerable<string> All(string secret)
    {
        var escaped = Uri.EscapeDataString(secret);
        var bytes = Encoding.UTF8.GetBytes(secret);
        return new[]
        {
            secret, escaped, Lower(escaped), WebUtility.UrlEncode(secret), JavaScriptEncoder.Default.Encode(secret),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            Lower(JavaScriptEncoder.Default.Encode(secret)), secret.Replace("/", "\\/", StringComparison.Ordinal),
            HtmlEncoder.Default.Encode(secret), WebUtility.HtmlEncode(secret),
        }.Concat(new[] { Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes) }.Concat(Base64(bytes))
            .Where(p => p.Length >= MinPieceLength)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// Encodes the secret alone and, as a part of something longer such as <c>user:password</c>, at each of the three offsets in a Base64
    /// group where it can begin. Characters that also depend on neighboring bytes are left out.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            var own = before == 0 ? 0 : before + 1;
            var whole = (before + bytes.Length) * 8 / 6;
            var piece = text[own..Math.Max(own, whole)];
            yield return piece;
            yield return piece.Replace('+', '-').Replace('/', '_');
            if (before == 0)
            {
                yield return text;
                yield return text.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    /// <summary>Some programs write the digits of <c>%2F</c> and <c>\u00E4</c> in lower case.</summary>
    private static string Lower(string escaped) => Escape().Replace(escaped, e => e.Value.ToLowerInvariant());

    [GeneratedRegex("%[0-9A-F]{2}|\\\\u[0-9A-F]{4}", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
