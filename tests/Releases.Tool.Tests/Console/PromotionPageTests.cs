using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>The page of a promotion that has ended: what to do next, and when each service came to which status.</summary>
public sealed class PromotionPageTests : Browsing
{
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    [Fact]
    public async Task One_that_failed_offers_to_retry_and_to_compare_and_one_that_succeeded_only_to_compare()
    {
        var active = await Rack.Store.Release(cancel: Ending);
        var first = await Rack.Store.Promoted(active, cancel: Ending);
        var failing = await Rack.Store.Release(cancel: Ending);
        var failed = await Rack.Store.Promoted(failing, PromotionStatus.Failed, cancel: Ending);
        var compare = $"href=\"/apps/hello/compare?from={active.Id}&";
        var page = (await Get($"/apps/hello/promotions/{failed.Id}")).Html;
        Assert.Contains($"href=\"/apps/hello/releases/{failing.Id}/promote\">Retry</a>", page, StringComparison.Ordinal);
        Assert.Contains(compare, page, StringComparison.Ordinal);
        page = (await Get($"/apps/hello/promotions/{first.Id}")).Html;
        Assert.DoesNotContain("Retry", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/compare?", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_running_on_a_rack_with_a_daemon_is_run_by_the_rack()
    {
        await Rack.Store.Release(cancel: Ending);
        var release = await Rack.Store.Release(cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, release.Id, A.Person), Ending);
        string[] pages = ["/apps/hello/releases", $"/apps/hello/promotions/{Driver.Promotion}"];
        foreach (var page in pages) Assert.Contains("by somebody@box · run by a test", (await Get(page)).Text, StringComparison.Ordinal);
        Rack.RunBy = new();
        foreach (var page in pages) Assert.Contains("by somebody@box · run by the rack", (await Get(page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_succeeded_names_the_services_that_its_release_lacks()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, release.Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Succeeded, with: p => p with { Retired = [Worker] });
        await Driver.Step();
        Assert.Contains("v1 doesn't have worker, which ran before.", (await Get($"/apps/hello/promotions/{Driver.Promotion}")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_stuck_leads_to_what_runs_and_to_what_should()
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        var stuck = await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), PromotionStatus.Stuck, Ending);
        var page = await Get($"/apps/hello/promotions/{stuck.Id}");
        Assert.Contains("Look at the running processes , then restart v1 to bring it back, or promote another release.", page.Text,
            StringComparison.Ordinal);
        Assert.Contains("href=\"/apps/hello/restart\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_traffic_moves_it_compares_the_requests_of_the_new_and_the_old_release()
    {
        var old = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(old, cancel: Ending);
        var another = (await Rack.Store.Release(cancel: Ending)).Id;
        var canary = await Rack.Store.Release(cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, canary.Id, A.Person), Ending);
        async Task<string> Step(params PlanStep[] steps)
        {
            await Driver.Then(p => p with
            {
                Status = PromotionStatus.RollingOut,
                Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 120, KeepsOld = true }, new(100)]),
                Steps = steps,
            }).Step();
            return (await Get($"/apps/hello/promotions/{Driver.Promotion}")).Text;
        }

        void Served(ReleaseId release, long requests, long errors) => Rack.Measured!.Services.Add(new(A.Web, release,
            new(requests, errors, 0, 0, 0, null, TimeSpan.FromMilliseconds(41), null), 0, []));
        Assert.DoesNotContain("New and old", await Step(new PlanStep(0, 0, A.Moment)), StringComparison.Ordinal);
        Rack.Measured!.Now = Time.GetUtcNow();
        Assert.Contains("New and old No requests since", await Step(new(0, 0, A.Moment), new(1, 10, Time.GetUtcNow())),
            StringComparison.Ordinal);
        Served(another, 900, 0);
        Served(old.Id, 720, 0);
        Served(canary.Id, 80, 6);
        Assert.Matches("p95 web v1 old 720 0 0 41 ms web v3 new 80 6 \\(7.5 %\\) 0 41 ms Since 1 minute ago",
            await Step(new(0, 0, A.Moment), new(1, 10, Time.GetUtcNow())));
        var elsewhere = (await Get("/apps/hello/releases")).Text;
        Assert.DoesNotContain("New and old", elsewhere, StringComparison.Ordinal);
        Assert.Matches("Judgment 1 of 2 10 % [^%]*Releases", elsewhere);
    }

    [Fact]
    public async Task A_step_that_was_never_reached_is_called_so_and_who_cancelled_begins_a_sentence()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, (await Rack.Store.Release(cancel: Ending)).Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Cancelled, "cancelled by ada@desk", p => p with
        {
            Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 120, KeepsOld = true }, new(100)]),
            Steps = [new(0, 0, A.Moment) { EndedAt = A.Moment }],
        });
        await Driver.Step();
        var page = (await Get($"/apps/hello/promotions/{Driver.Promotion}")).Text;
        Assert.Matches("0 start 0s 1 10 % not reached 2 100 % not reached", page);
        Assert.Contains("Cancelled by ada@desk. No release was active before, and none is now.", page, StringComparison.Ordinal);
    }

    /// <summary>Such as the first task definition of an ECS service, which answers before any release does.</summary>
    [Fact]
    public async Task Where_no_release_was_active_before_it_never_says_that_nothing_runs()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, (await Rack.Store.Release(cancel: Ending)).Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Failed, "web exited with code 1.", p => p with
        {
            Services = [new PromotionService { Service = A.Web, Status = ServiceStatus.RolledBack, Running = 2 }],
        });
        await Driver.Step();
        var page = (await Get($"/apps/hello/promotions/{Driver.Promotion}")).Text;
        Assert.Contains(
            "web exited with code 1. No release was active before, and none is now. The processes from before are back.", page,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_timeline_has_a_bar_for_each_status_as_long_as_its_share_of_the_time_and_the_same_as_text()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        PromotionService At(ServiceName name, params (ServiceStatus Status, int Second)[] steps) =>
            steps.Aggregate(new PromotionService { Service = name, Desired = 1 },
                (service, step) => service.At(step.Status, A.Moment + TimeSpan.FromSeconds(step.Second)));
        var promotion = A.Promotion(release) with
        {
            Services = [At(A.Web, (ServiceStatus.Starting, 0), (ServiceStatus.Healthy, 20), (ServiceStatus.Complete, 30)),
                At(Worker, (ServiceStatus.Starting, 10), (ServiceStatus.Complete, 39))],
        };
        var begun = A.Event(EventKind.PromotionStarted, release.Id, promotion.Id);
        var held = await Rack.Store.BeginPromotion(promotion, "a test", begun, Ending);
        var ended = promotion with { Status = PromotionStatus.Succeeded, EndedAt = A.Moment + TimeSpan.FromSeconds(40) };
        await Rack.Store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Ending);

        var page = await Get($"/apps/hello/promotions/{promotion.Id}");
        Assert.Equal(
            ["0%+50% starting, 20s", "50%+25% healthy, 10s", "75%+25% complete, 10s", "25%+72.5% starting, 29s", "97.5%+2.5% complete, 1s"],
            Regex.Matches(page.Html, "<rect class=\"\\w+\" x=\"([^\"]+)\" y=\"\\d+\" width=\"([^\"]+)\"[^>]*><title>([^<]+)</title>")
                .Select(m => $"{m.Groups[1]}+{m.Groups[2]} {m.Groups[3]}"));
        Assert.Equal(["0s", "10s", "20s", "30s", "40s"],
            Regex.Matches(page.Html, "<text class=\"tick\"[^>]*>([^<]+)</text>").Select(m => m.Groups[1].Value));
        // Words that a bar has no room for on a phone are left out there, and everywhere where it has none at all.
        Assert.Equal(["in starting", "in healthy", "in roomy complete", "in starting"],
            Regex.Matches(page.Html, "<text class=\"(in[^\"]*)\"[^>]*>([^<]+)</text>").Select(m => $"{m.Groups[1]} {m.Groups[2]}"));
        Assert.Contains("aria-label=\"web: starting after 0s, healthy after 20s, complete after 30s. worker: starting after 10s, "
            + "complete after 39s\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_of_a_few_seconds_counts_their_tenths()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var promotion = A.Promotion(release) with
        {
            Services = [new PromotionService { Service = A.Web, Desired = 1 }.At(ServiceStatus.Starting, A.Moment)
                .At(ServiceStatus.Complete, A.Moment + TimeSpan.FromSeconds(1.5))],
        };
        var begun = A.Event(EventKind.PromotionStarted, release.Id, promotion.Id);
        var held = await Rack.Store.BeginPromotion(promotion, "a test", begun, Ending);
        var ended = promotion with { Status = PromotionStatus.Succeeded, EndedAt = A.Moment + TimeSpan.FromSeconds(2) };
        await Rack.Store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Ending);

        var page = await Get($"/apps/hello/promotions/{promotion.Id}");
        Assert.Equal(["0s", "0.5s", "1s", "1.5s", "2s"],
            Regex.Matches(page.Html, "<text class=\"tick\"[^>]*>([^<]+)</text>").Select(m => m.Groups[1].Value));
        Assert.Contains("<title>complete, 0.5s</title>", page.Html, StringComparison.Ordinal);
    }
}
