using System.CommandLine;

namespace Releases.Tool;

/// <summary>How somebody wants a promotion: the options of every command that promotes.</summary>
/// <param name="Timeout">The limit; null: the manifest's.</param>
/// <param name="Detach">Return when it has begun.</param>
/// <param name="ExpectActive">Refuse when another release is active.</param>
/// <param name="WaitLock">How long to wait for a promotion that runs already.</param>
/// <param name="RunRelease">Run the <c>release</c> commands even if it is no new release.</param>
/// <param name="AllowEmpty">Continue even if no process would run.</param>
internal sealed record PromoteOptions(
    TimeSpan? Timeout = null, bool Detach = false, ReleaseReference? ExpectActive = null, TimeSpan? WaitLock = null, bool RunRelease = false, bool AllowEmpty = false);

/// <summary>The options that say it.</summary>
internal sealed class PromoteCommandOptions
{
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Span("--timeout", "Roll back what is not complete within this time; else what convox.yml says, or 10m");
    private readonly Option<bool> _detach = new("--detach") { Description = "Return when it has begun; the rack goes on" };
    private readonly Option<string?> _expectActive = new("--expect-active") { HelpName = "release", Description = "Refuse when another release is active" };
    private readonly Option<TimeSpan?> _waitLock = CommonOptions.Span("--wait-lock", "Wait this long for a promotion that runs already");

    private readonly Option<bool> _runRelease = new("--run-release") { Description = "Run the release commands of convox.yml also when going back or restarting" };

    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Go on also where every service has 0 processes, so that nothing is verified" };

    public void AddTo(Command command)
    {
        command.Add(_timeout);
        command.Add(_detach);
        command.Add(_expectActive);
        command.Add(_waitLock);
        command.Add(_runRelease);
        command.Add(_allowEmpty);
    }

    /// <summary>The name of an option that was given; null: none was.</summary>
    public string? FirstGiven(Invocation call) =>
        ((Option[])[_timeout, _detach, _expectActive, _waitLock, _runRelease, _allowEmpty]).FirstOrDefault(call.Given)?.Name;

    public PromoteOptions Of(Invocation call) => new(
        call.Value(_timeout), call.Value(_detach), call.Value(_expectActive) is { } active ? ReleaseReference.Parse(active) : null, call.Value(_waitLock),
        call.Value(_runRelease), call.Value(_allowEmpty));
}
