using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What is printed of a promotion on a pipe, where several things have changed between two looks.</summary>
public sealed class PlainProgressTests
{
    private readonly FakeTerminal _terminal = new();
    private readonly PlainProgress _progress;
    private readonly Promotion _begun = A.Promotion(A.Release(), PromotionStatus.RollingOut) with
    {
        Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 5, KeepsOld = true }, new(100)]),
        Steps = [new(0, 0, A.Moment)],
        Services = [Web(ServiceStatus.Healthy)],
    };

    public PlainProgressTests() => _progress = new(_terminal);

    [Fact]
    public void What_a_step_came_to_is_before_what_follows_it()
    {
        _progress.Show(_begun, "v2");
        var verdict = new Verdict { Service = A.Web, Outcome = VerdictOutcome.NotJudged, Reason = "not judged: no traffic" };
        var step = new PlanStep(1, 10, A.Moment);
        _progress.Show(_begun with { Steps = [.. _begun.Steps, step] }, "v2");
        _progress.Show(_begun with
        {
            Status = PromotionStatus.Succeeded,
            Steps = [.. _begun.Steps, step with { Verdicts = [verdict] }, new(2, 100, A.Moment)],
            Services = [Web(ServiceStatus.Complete)],
        }, "v2");
        Assert.Equal("web: 2 of 2 healthy\nTraffic: 10 % for 5s\nweb: not judged: no traffic\nweb: complete\n", $"{_terminal.Talk}");
    }

    [Fact]
    public void A_service_without_processes_is_mentioned_when_something_happens_to_it()
    {
        foreach (var status in (ServiceStatus[])[ServiceStatus.Starting, ServiceStatus.Healthy])
            _progress.Show(_begun with { Services = [Web(status) with { Desired = 0, Healthy = 0, Reason = EmptyRollout.NotVerified }] }, "v2");
        Assert.Equal("", $"{_terminal.Talk}");
        _progress.Show(_begun with
        {
            Services = [Web(ServiceStatus.Complete) with { Desired = 0, Healthy = 0, Reason = EmptyRollout.NotVerified }]
        }, "v2");
        Assert.Equal("web: complete: 0 processes, not verified\n", $"{_terminal.Talk}");
    }

    [Fact]
    public void How_a_command_ended_is_before_the_rollback_for_which_it_is_why()
    {
        var command = new ReleaseCommand { Service = A.Web, StartedAt = A.Moment };
        _progress.Show(_begun with { VerifyCommands = [command] }, "v2");
        _progress.Show(_begun with
        {
            Status = PromotionStatus.RollingBack,
            Reason = "the verify command of web exited with code 3.",
            VerifyCommands = [command with { EndedAt = A.Moment, ExitCode = 3 }],
            Services = [Web(ServiceStatus.RollingBack)],
        }, "v2");
        Assert.Equal(
            "web: 2 of 2 healthy\nweb: verify command running\nweb: verify command ended with code 3\n"
                + "Rolling back v2: the verify command of web exited with code 3.\nweb: rolling back\n", $"{_terminal.Talk}");
    }

    [Fact]
    public void Whoever_follows_late_sees_the_steps_before_the_rollback()
    {
        _progress.Show(_begun with
        {
            Status = PromotionStatus.RollingBack,
            Reason = "cancelled by somebody.",
            Steps = [.. _begun.Steps, new(1, 10, A.Moment)],
            Services = [Web(ServiceStatus.RollingBack)],
        }, "v2");
        Assert.Equal("Traffic: 10 % for 5s\nRolling back v2: cancelled by somebody.\nweb: rolling back\n", $"{_terminal.Talk}");
    }

    [Fact]
    public void A_service_whose_health_keeps_changing_does_not_fill_the_log()
    {
        for (var i = 0; i < 100; i++)
        {
            _progress.Show(_begun with { Services = [Web(ServiceStatus.Healthy)] }, "v2");
            _progress.Show(_begun with { Services = [Web(ServiceStatus.Starting) with { Healthy = 1, Reason = "answered 500" }] }, "v2");
        }

        _progress.Show(_begun with { Services = [Web(ServiceStatus.Complete)] }, "v2");
        var one = "web: 2 of 2 healthy\nweb: starting, 1 of 2 healthy: answered 500\n";
        Assert.Equal(
            $"{one}{one}{one}web: keeps changing; lines that repeat are left out from here on\nweb: complete\n", $"{_terminal.Talk}");
    }

    private static PromotionService Web(ServiceStatus status) =>
        new PromotionService { Service = A.Web, Desired = 2, Healthy = 2 }.At(status, A.Moment);
}
