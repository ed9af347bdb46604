using System.CommandLine;

namespace Releases.Tool;

/// <summary>The options of every command that promotes.</summary>
internal sealed class PromoteCommandOptions
{
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Span("--timeout", "Roll back what is not complete within this time; else what convox.yml says, or 10m");
    private readonly Option<bool> _detach = new("--detach") { Description = "Return when it has begun; the rack goes on" };
    private readonly Option<string?> _expectActive = new("--expect-active") { HelpName = "release", Description = "Refuse when another release is active" };
    private readonly Option<TimeSpan?> _waitLock = CommonOptions.Span("--wait-lock", "Wait this long for a promotion that runs already");
    private readonly Option<bool> _runRelease = new("--run-release") { Description = "Run the release commands of convox.yml also when going back or restarting" };
    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Go on also where every service has 0 processes, so that nothing is verified" };

    private IReadOnlyList<Option> All => [_timeout, _detach, _expectActive, _waitLock, _runRelease, _allowEmpty];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>The name of an option that was given; null: none was.</summary>
    public string? FirstGiven(Invocation call) => All.FirstOrDefault(call.Given)?.Name;

    public bool Detach(Invocation call) => call.Value(_detach);

    public PromoteOptions Read(Invocation call) => new(
        call.Value(_timeout), call.Value(_expectActive) is { } active ? ReleaseReference.Parse(active) : null, call.Value(_waitLock),
        call.Value(_runRelease), call.Value(_allowEmpty));
}
