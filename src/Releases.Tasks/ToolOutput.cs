namespace Releases.Tasks;

/// <summary>Represents what the tool prints while it promotes a release, and what that and its exit code mean.</summary>
/// <param name="release">The release's id.</param>
internal sealed class ToolOutput(string release)
{
    private readonly List<ErrorLine> _errors = [];
    private string _lastLine = "";

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        if (!string.IsNullOrWhiteSpace(line)) _lastLine = line.Trim();
        if (ErrorLine.Parse(line) is { } error) _errors.Add(error);
    }

    /// <summary>
    /// Returns the errors of a run that didn't succeed. MSBuild may show errors only, so every reason that the tool gave is one; the last
    /// names the release.
    /// </summary>
    public IReadOnlyList<Problem> Problems(int exitCode)
    {
        var (last, code) = _errors is [.., var error] ? (error.Sentence, error.Code) : (_lastLine, null);
        return
        [
            .. _errors.SkipLast(1).Select(e => new Problem(e.Code, e.Sentence)),
            IsOver(exitCode, code) ? NotPromoted(exitCode, last) : NotFollowed(exitCode, last, code),
        ];
    }

    /// <summary>
    /// Determines whether the promotion ended, or never began. Else the tool lost contact with it, detached from it, or was killed, and it
    /// continues, or waits to be resumed; or everything was done, and only its output was lost.
    /// </summary>
    private static bool IsOver(int exitCode, string? code) => exitCode switch
    {
        ExitCode.Failed => code != ProblemCode.OutputLost,
        ExitCode.Usage or ExitCode.PromotionFailed or ExitCode.Busy => true,
        ExitCode.NeedsPerson => code == ProblemCode.Stuck,
        _ => false,
    };

    private Problem NotPromoted(int exitCode, string last) => Ended(
        exitCode switch
        {
            ExitCode.NeedsPerson => ProblemCode.Stuck,
            ExitCode.Busy => ProblemCode.Busy,
            _ => ProblemCode.PromotionFailed,
        },
        $"release {release} was made but not promoted (exit code {exitCode}): {last}",
        // Promoting an incomplete release fails later too; its reason has the remedy.
        _errors.Exists(e => e.Code == ProblemCode.Incomplete) ? null : Remedy.Do(Operation.Promote, "Promote it later", release));

    private Problem NotFollowed(int exitCode, string last, string? code) => Ended(
        code ?? ProblemCode.NotFollowed,
        $"release {release} was made, and its promotion wasn't followed until it finished (exit code {exitCode}): {last}",
        last.Contains("dotnet convox watch", StringComparison.Ordinal) ? null : Remedy.Do(Operation.WatchPromotion, "Follow it"));

    private static Problem Ended(string code, string text, Remedy? remedy) =>
        new(code, remedy is null || text is [.., '.' or '!' or '?'] ? text : $"{text}.", remedy);
}
