using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Picks out the first error that MSBuild prints.</summary>
internal sealed partial class BuildErrors
{
    private string? _last;
    private string? _noSdk;
    private Match? _first;

    /// <summary>Examines a line of output.</summary>
    public void Look(string line)
    {
        if (!string.IsNullOrWhiteSpace(line)) _last = line.Trim();
        if (NoSdk().IsMatch(line)) _noSdk = line.Trim();
        if (_first is null && Form().Match(line) is { Success: true } match) _first = match;
    }

    /// <summary>
    /// Gets the first error, without its project, and the project that it belongs to. Without an error, the text is what dotnet prints
    /// about a missing SDK, or the last line.
    /// </summary>
    public (string Text, string? Project) First => _first is { } match
        ? ($"{match.Groups["error"].Value.Trim()}", match.Groups["project"].Success ? match.Groups["project"].Value : null)
        : (_noSdk ?? _last ?? "MSBuild gave no reason", null);

    /// <summary>
    /// Matches the line with the instruction among those that dotnet prints when the SDK that <c>global.json</c> requires isn't installed.
    /// </summary>
    [GeneratedRegex(@"^Install the \[.+\] \.NET SDK or update ")]
    private static partial Regex NoSdk();

    /// <summary>Matches MSBuild's canonical error format: <c>place: error CODE: text [project]</c>.</summary>
    [GeneratedRegex(@"^\s*(?<error>(?:.*?: )?error(?: \w+)?\s?: .*?)(?: \[(?<project>[^\]\r\n]+?)(?:::[^\]]*)?\])?\s*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
