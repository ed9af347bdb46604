using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Picks out the first error that MSBuild prints.</summary>
internal sealed partial class BuildErrors
{
    private string? _last;
    private string? _noSdk;
    private string? _cause;
    private bool _isCauseKnown;
    private Match? _first;

    /// <summary>What MSBuild tried in order to find an SDK, printed as errors after the first one.</summary>
    private readonly List<string> _probes = [];

    /// <summary>Examines a line of output.</summary>
    public void Look(string line)
    {
        var isFrame = StackFrame().IsMatch(line);
        if (!string.IsNullOrWhiteSpace(line) && !isFrame) _last = line.Trim();
        if (isFrame) _isCauseKnown = _cause is not null;
        else if (!_isCauseKnown && Exception().Match(line) is { Success: true } exception) _cause = exception.Groups["cause"].Value.Trim();
        if (NoSdk().IsMatch(line)) _noSdk = line.Trim();
        if (_first is null && Form().Match(line) is { Success: true } match) _first = match;
        else if (Probe().Match(line) is { Success: true } probe && !_probes.Contains(probe.Groups["text"].Value))
            _probes.Add(probe.Groups["text"].Value);
    }

    /// <summary>
    /// Gets the first error, without its project, and the project that it belongs to. Without an error, the text is what dotnet prints
    /// about a missing SDK, the innermost exception of a crash, or the last line.
    /// </summary>
    public (string Text, string? Project) First => _first is { } match
        ? (WithProbes(match.Groups["error"].Value.Trim()), match.Groups["project"].Success ? match.Groups["project"].Value : null)
        : (_noSdk ?? _cause ?? _last ?? "MSBuild gave no reason", null);

    /// <summary>Returns why an SDK can't be found, where the error only refers to the lines below it.</summary>
    private string WithProbes(string error) =>
        _probes.Count > 0 && MissingSdk().Match(error) is { Success: true } missing
            ? $"{missing.Value}: {string.Join("; ", _probes.Select(p => p.TrimEnd('.')))}." : error;

    /// <summary>Matches the beginning of the error about an SDK that can't be found, whose reason is in the lines below it.</summary>
    [GeneratedRegex("^.*?error ?: Could not resolve SDK \"[^\"]*\"(?=\\. Exactly one of the probing messages below)")]
    private static partial Regex MissingSdk();

    /// <summary>Matches one of these lines that has a reason.</summary>
    [GeneratedRegex(@"error\s?:  +(?!SDK resolver "".+"" returned null\.)(?<text>\S.*?)(?: \[[^\]]+\])?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Probe();

    /// <summary>
    /// Matches the line with the instruction among those that dotnet prints when the SDK that <c>global.json</c> requires isn't installed.
    /// </summary>
    [GeneratedRegex(@"^Install the \[.+\] \.NET SDK or update ")]
    private static partial Regex NoSdk();

    /// <summary>Matches an exception, or the cause of the one before: <c> ---> System.IO.IOException: text</c>.</summary>
    [GeneratedRegex(@"^(?:Unhandled exception[.:] )?\s*(?:---> )?(?<cause>(?:\w+\.)+\w*Exception: .+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Exception();

    /// <summary>Matches a line of a stack trace.</summary>
    [GeneratedRegex(@"^\s+(?:at \S+\(|at .+\)|--- End of )", RegexOptions.ExplicitCapture)]
    private static partial Regex StackFrame();

    /// <summary>Matches MSBuild's canonical error format: <c>place: error CODE: text [project]</c>.</summary>
    [GeneratedRegex(@"^\s*(?<error>(?:.*?: )?error(?: \w+)?\s?: .*?)(?: \[(?<project>[^\]\r\n]+?)(?:::[^\]]*)?\])?\s*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
