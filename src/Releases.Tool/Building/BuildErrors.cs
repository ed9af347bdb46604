using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Picks the first error out of what MSBuild prints.</summary>
internal sealed partial class BuildErrors
{
    private string? _last;
    private string? _noSdk;
    private Match? _first;

    /// <summary>Takes a line.</summary>
    public void Look(string line)
    {
        if (!string.IsNullOrWhiteSpace(line)) _last = line.Trim();
        if (NoSdk().IsMatch(line)) _noSdk = line.Trim();
        if (_first is null && Form().Match(line) is { Success: true } match) _first = match;
    }

    /// <summary>The first error without its project, and the project that it is of; if there is none, what dotnet prints about a missing
    /// SDK, or the last line.</summary>
    public (string Text, string? Project) First => _first is { } match
        ? ($"{match.Groups["error"].Value.Trim()}", match.Groups["project"].Success ? match.Groups["project"].Value : null)
        : (_noSdk ?? _last ?? "MSBuild did not say why", null);

    /// <summary>Of all that dotnet prints where <c>global.json</c> asks for an SDK that is not installed, the line that says what to
    /// do.</summary>
    [GeneratedRegex(@"^Install the \[.+\] \.NET SDK or update ")]
    private static partial Regex NoSdk();

    /// <summary>MSBuild's canonical form: <c>place: error CODE: text [project]</c>.</summary>
    [GeneratedRegex(@"^\s*(?<error>(?:.*?: )?error(?: \w+)?\s?: .*?)(?: \[(?<project>[^\]\r\n]+?)(?:::[^\]]*)?\])?\s*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
