using System.Text.RegularExpressions;

namespace Releases.Tests;

/// <summary>Finds in the source of tests what they assert.</summary>
internal static partial class Asserted
{
    /// <summary>The statements that assert something, and the rows of data that a theory asserts on; comments left out.</summary>
    public static IEnumerable<string> In(string source) => Statement().Matches(Comment().Replace(source, "")).Select(m => m.Value);

    /// <summary>Whether a statement expects a code, by its class and name or as text.</summary>
    public static bool Expects(string statement, string name, string code) =>
        !Negative().IsMatch(statement) && Regex.IsMatch(statement, $@"\b{Regex.Escape(name)}\b|{code}");

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>A call of <c>Assert</c> ends where its statement does; a semicolon in a text only makes it shorter.</summary>
    [GeneratedRegex(@"\bAssert\.\w+[^;]*;|\[InlineData\([^\]]*\]")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^Assert\.(DoesNot|Not)")]
    private static partial Regex Negative();
}
