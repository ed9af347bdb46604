using System.CommandLine;

namespace Releases.Tool;

/// <summary>Represents the options of every command that promotes.</summary>
internal sealed class PromoteCommandOptions
{
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Span("--timeout",
        "Time limit for the rollout (default: convox.yml, else 10m)");
    private readonly Option<bool> _detach = new("--detach") { Description = "Return as soon as the promotion has begun" };
    private readonly Option<string?> _expectActive = new("--expect-active")
    { HelpName = "release", Description = "Refuse if another release is active" };
    private readonly Option<TimeSpan?> _waitLock = CommonOptions.Span(
        "--wait-lock", "Wait this long for a running promotion to end", orNone: true);
    private readonly Option<bool> _runRelease = new("--run-release") { Description = "Run release commands also on rollback and restart" };
    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Promote even if every service has 0 processes" };

    private readonly Option<bool> _hold = new("--hold") { Description = "Stop before the traffic moves until somebody approves" };
    private readonly Option<TimeSpan?> _holdFor = CommonOptions.Span("--hold-for",
        "Roll back if nobody approves within this (default: 1h)");

    private readonly Option<bool> _drive = new("--drive") { Description = "Drive it here even if the rack has an agent (AWS)" };

    private IReadOnlyList<Option> All => [_timeout, _detach, _expectActive, _waitLock, _runRelease, _allowEmpty, _hold, _holdFor, _drive];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>Returns the name of the first option that was passed, or null if none was.</summary>
    public string? FirstGiven(Invocation call) => All.FirstOrDefault(call.Given)?.Name;

    public bool Detach(Invocation call) => call.Value(_detach);

    public PromoteOptions Read(Invocation call) => new()
    {
        Timeout = call.Value(_timeout),
        ExpectActive = call.Value(_expectActive) is { } active ? ReleaseReference.Parse(active) : null,
        WaitLock = call.Value(_waitLock),
        RunRelease = call.Value(_runRelease),
        AllowEmpty = call.Value(_allowEmpty),
        HoldFor = call.Value(_holdFor) ?? (call.Value(_hold) ? PromoteOptions.DefaultHold : null),
        Drive = call.Value(_drive),
    };
}
