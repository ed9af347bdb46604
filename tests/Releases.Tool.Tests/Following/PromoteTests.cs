using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class PromoteTests : Typing
{
    private static readonly ReleaseId Old = ReleaseId.Parse("RIHVPQXQWSR");
    private static readonly ReleaseId New = ReleaseId.Parse("ROCHMCOUESG");

    private readonly ScriptedDriver _driver;

    public PromoteTests() => Rack.DrivenBy = _driver = new(Rack);

    [Fact]
    public async Task A_promotion_that_succeeds_is_told_change_by_change_and_ends_with_the_addresses()
    {
        await TwoReleases();
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 2, 2, 2, New, null));
        _driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Starting).Web(ServiceStatus.Starting, healthy: 1)
            .Web(ServiceStatus.Healthy, healthy: 2)
            .Web(ServiceStatus.Draining, healthy: 2, old: 1).Web(ServiceStatus.Draining, healthy: 2).Web(ServiceStatus.Complete, healthy: 2)
            .Ends(PromotionStatus.Succeeded);

        Assert.Equal(0, await Type("promote"));
        Assert.Equal(
            """
            v2 (ROCHMCOUESG) is active
            web  http://127.0.0.1:20000  http://web.hello.localhost:8480

            """, Data);
        Assert.Equal(
            """
            Promoting v2 (ROCHMCOUESG) of hello. v1 (RIHVPQXQWSR) stays active until v2 is verified.
            web: starting, 0 of 2 healthy
            web: starting, 1 of 2 healthy
            web: 2 of 2 healthy
            web: draining 1 old process
            web: finishing
            web: complete

            """, Talk);
        Assert.Equal(new(_driver.Promotion!.Value, A.App, New, A.Person) { ExpectActive = Old }, Assert.Single(_driver.Begun));
    }

    [Fact]
    public async Task A_promotion_that_fails_says_which_service_why_what_it_printed_and_that_the_old_one_runs()
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.Starting)
            .Then(p => p with { Reason = "web exited with code 1 before it became healthy." })
            .Web(ServiceStatus.RollingBack, lastLines: ["Unhandled exception.", "   at Main()\e[0m"])
            .Web(ServiceStatus.RolledBack, lastLines: ["Unhandled exception.", "   at Main()\e[0m"]).Ends(PromotionStatus.Failed);

        Assert.Equal(3, await Type("promote", "v2"));
        Assert.Equal("", Data);
        Assert.Equal(
            $"""
            Promoting v2 (ROCHMCOUESG) of hello. v1 (RIHVPQXQWSR) stays active until v2 is verified.
            web: starting, 0 of 2 healthy
            Rolling back v2: web exited with code 1 before it became healthy.
            web: rolling back
            web: rolled back
            The last lines of web:
              Unhandled exception.
                 at Main() [0m
            error CONVOX0024: v2 (ROCHMCOUESG) wasn't promoted: web exited with code 1 before it became healthy. v1 (RIHVPQXQWSR) is still live. Details: dotnet convox promotions info {_driver.Promotion}

            """, Talk);
    }

    [Fact]
    public async Task A_promotion_that_fails_names_the_files_that_differ()
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.RolledBack)
            .Then(p => p with { Services = [p.Services[0] with { Warnings = ["web started with a changed Shop.dll"] }] })
            .Ends(PromotionStatus.Failed, "web exited with code 1 before it became healthy.");
        Assert.Equal(3, await Type("promote", "v2"));
        Assert.Contains("\nwarning: web started with a changed Shop.dll\nerror CONVOX0024: ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_approves_is_not_told_that_an_approval_is_waited_for()
    {
        await TwoReleases();
        Assert.Equal(0, await Type("promote", "v2", "--hold", "--detach"));
        var hold = new PromotionHold { Seconds = 3600, Since = A.Moment };
        await _driver.Then(p => p with { Status = PromotionStatus.RollingOut, Hold = hold }).Step();
        _driver.Then(p => p).Then(p => p with { Hold = p.Hold! with { ApprovedBy = A.Person, ApprovedAt = A.Moment } })
            .Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("approve"));
        Assert.StartsWith("Approved v2 (ROCHMCOUESG).\n", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for approval", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_was_deployed_as_a_service_can_be_run_once()
    {
        await TwoReleases();
        var reason = $"exited with code 0 after 0.1 s, before it became healthy (3 times)";
        _driver.Web(ServiceStatus.RolledBack, reason: reason)
            .Ends(PromotionStatus.Failed, $"web {reason}. {ProcessEnd.KeepsRunning}.", p => p with { FailedService = A.Web });

        Assert.Equal(3, await Type("promote", "v2"));
        Assert.Contains(
            "(3 times). A service has to keep running; for a job that ends, set 'scale: 0' in convox.yml and run it as a one-off process. "
                + "v1 (RIHVPQXQWSR) is still live. Run it: dotnet convox run --release ROCHMCOUESG web -- <command>. Details: ",
            Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_finding_of_the_check_is_an_error_of_its_own()
    {
        await TwoReleases();
        _driver.Ends(PromotionStatus.Failed, "missing required environment variables A, B", p => p with
        {
            Services = [],
            Findings = [new("CONVOX0014", "missing required environment variables A, B.", "Set them."),
                new("CONVOX0015", "The machine has no such runtime.", null)],
        });

        Assert.Equal(3, await Type("promote"));
        Assert.EndsWith(
            """
            error CONVOX0014: missing required environment variables A, B. Set them.
            error CONVOX0015: The machine has no such runtime.
            error CONVOX0024: v2 (ROCHMCOUESG) wasn't promoted, and nothing changed: v1 (RIHVPQXQWSR) is still active.

            """, Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_that_is_stuck_asks_for_a_person()
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.Stuck, reason: "it runs neither").Ends(PromotionStatus.Stuck, "web did not start.");

        Assert.Equal(4, await Type("promote", "--json"));
        Assert.Equal("stuck", JsonDocument.Parse(Data).RootElement.GetProperty("status").GetString());
        Assert.Contains("Manual action is needed.", Talk, StringComparison.Ordinal);
        Assert.Contains("\"code\": \"CONVOX0025\"", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_cancelled_by_somebody_else_exits_as_a_failure()
    {
        await TwoReleases();
        _driver.Ends(PromotionStatus.Cancelled, "cancelled by someone@else.");

        Assert.Equal(3, await Type("promote"));
        Assert.Contains("v2 (ROCHMCOUESG) wasn't promoted: cancelled by someone@else. v1 (RIHVPQXQWSR) is still live.", Talk,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(int.MaxValue, 4)]
    public async Task Records_that_cannot_be_reached_for_a_moment_do_not_end_it(int looks, int code)
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.Starting);
        for (var i = 0; i < 60; i++) _driver.Then(p => p);
        _driver.Ends(PromotionStatus.Succeeded);
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, goOn) =>
            method.Name == nameof(IReleaseStore.FindPromotion) && _driver.Promotion is not null && --looks > 0
                ? Task.FromException<Promotion?>(Problem.Unavailable(ProblemCode.Unreachable, "AWS cannot be reached.").ToException())
                : goOn());
        Assert.Equal(code, await Type("promote"));
        if (code != 0) Assert.Contains(
            $"error CONVOX0045: the promotion ({_driver.Promotion}) can no longer be followed from here: AWS cannot be reached. It isn't undone: ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_is_refused_or_waits_for_the_first()
    {
        await TwoReleases();
        await Type("promote", "--detach");
        var first = _driver.Promotion;

        Assert.Equal(5, await Type(_ => { }, "rollback", "v1"));
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        _driver.Then(p => p);
        Assert.Equal(5, await Type("promote"));
        Assert.StartsWith("error CONVOX0012: ", Talk, StringComparison.Ordinal);

        _driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("promote", "--wait-lock", "1m", "--detach"));
        Assert.Contains("Waiting up to 1m for the promotion of v2 (", Talk, StringComparison.Ordinal);
        Assert.NotEqual(first, _driver.Promotion);
    }

    [Fact]
    public async Task A_rollback_that_waits_goes_back_from_what_is_active_once_it_has_waited()
    {
        await TwoReleases();
        await Type("promote", "v2", "--detach");
        _driver.Then(p => p).Ends(PromotionStatus.Succeeded).Ends(PromotionStatus.Succeeded);

        Assert.Equal(0, await Type("rollback", "--wait-lock", "1m"));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal(Old, (await Rack.Store.RequireRelease(A.App, app.Active!.Value, Ending)).CopyOf);
        Assert.Equal(_driver.Begun[0].Release, _driver.Begun[1].ExpectActive);
    }

    [Fact]
    public async Task A_dry_run_says_that_another_release_is_active_than_expected()
    {
        await TwoReleases();
        Assert.Equal(1, await Type("promote", "v2", "--dry-run", "--expect-active", "v2"));
        Assert.Contains($"It would be refused: v1 ({Old}) is active in hello, not v2 (", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wishes_reach_the_driver()
    {
        await TwoReleases();
        Assert.Equal(0, await Type("promote", "v2", "--detach", "--timeout", "90s", "--expect-active", "v1"));
        Assert.Equal(TimeSpan.FromSeconds(90), _driver.Begun[0].Timeout);
        Assert.Equal(Old, _driver.Begun[0].ExpectActive);
    }

    [Fact]
    public async Task While_it_is_followed_somebody_sees_to_it_that_it_is_driven()
    {
        await TwoReleases();
        for (var i = 0; i < 35; i++) _driver.Then(p => p);
        _driver.Ends(PromotionStatus.Succeeded);

        Assert.Equal(0, await Type("promote"));
        Assert.InRange(_driver.Nudges, 2, 3);
    }

    [Fact]
    public async Task Watch_follows_the_running_one_and_exits_as_it_did()
    {
        await TwoReleases();
        await Type("promote", "--detach");
        _driver.Ends(PromotionStatus.Failed, "it did not start");

        Assert.Equal(3, await Type("watch"));
        Assert.Equal(3, await Type("watch"));
        Assert.StartsWith("No promotion of hello is running. The last one, of v2 (ROCHMCOUESG), began 15 minutes ago.\n", Talk,
            StringComparison.Ordinal);
        Assert.Equal(0, await Type("promotions"));
        Assert.Equal(2, Data.Split('\n')
            .Count(l => l.Contains(" failed ", StringComparison.Ordinal) || l.Contains(" succeeded ", StringComparison.Ordinal)));
        Assert.Equal(0, await Type("promotions", "info", _driver.Promotion.ToString()!, "--json"));
        Assert.Equal("it did not start", JsonDocument.Parse(Data).RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_rollback_promotes_a_copy_and_says_how_to_undo_itself()
    {
        await TwoReleases();
        _driver.Ends(PromotionStatus.Succeeded);
        await Type("promote");
        _driver.Ends(PromotionStatus.Succeeded);

        Assert.Equal(0, await Type("rollback"));
        var copy = (await Rack.Store.FindRelease(A.App, ReleaseReference.Parse("v3"), Ending))!;
        Assert.Equal(Old, copy.CopyOf);
        Assert.Equal($"{copy.Label} is active\n", Data);
        Assert.StartsWith($"Created v3 ({copy.Id}), a copy of v1 (RIHVPQXQWSR).\n", Talk, StringComparison.Ordinal);
        Assert.EndsWith("Undo it: dotnet convox rollback ROCHMCOUESG\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_the_progress_is_drawn_over()
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Complete, healthy: 2).Ends(PromotionStatus.Succeeded);

        Assert.Equal(0, await Type(at => (at.Attended, at.CanRedraw, at.Color) = (true, true, true), "promote"));
        Assert.Contains("\e[", Talk, StringComparison.Ordinal);
        Assert.Contains("Rolling out v", Talk, StringComparison.Ordinal);
        Assert.Contains("complete", Talk, StringComparison.Ordinal);
        Assert.Equal("v2 (ROCHMCOUESG) is active\n", Data);
    }

    private async Task TwoReleases()
    {
        var old = await Rack.Store.Release(with: r => r with { Id = Old }, cancel: Ending);
        await Rack.Store.Promoted(old, cancel: Ending);
        await Rack.Store.Release(with: r => r with { Id = New }, cancel: Ending);
    }
}
