using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>The states of promotions, and of what they leave running.</summary>
public sealed partial class JsonOutputTests
{
    private async Task Promotions()
    {
        _driver.Ends(PromotionStatus.Succeeded, with: p => p with
        {
            Services = [new() { Service = A.Web, Status = ServiceStatus.Complete,
            CompletedAt = A.Moment, Warnings = ["web left app.db behind."], Timeline = [new(ServiceStatus.Complete, A.Moment)] }]
        });
        await Json(0, "promote", "v5");
        await Json(0, "promote", "--dry-run");
        await Json(0, "promote", "v6", "--detach");
        foreach (var words in (string[])["releases", "apps", "services", "ps", "promotions"]) await Json(0, words);
        await Json(5, "promote", "v6");
        _driver.Then(p =>
            p with { Status = PromotionStatus.Releasing, ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment }] });
        _driver.Then(p => p with
        {
            Status = PromotionStatus.RollingBack,
            ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment,
            EndedAt = A.Moment, ExitCode = 0, LastLines = ["migrated"] }]
        });
        _driver.Web(ServiceStatus.RolledBack, reason: "it exited with code 1", lastLines: ["boom"])
            .Ends(PromotionStatus.Failed, "web exited.", p => p with { FailedService = A.Web });
        await Json(3, "watch");
        _driver.Ends(PromotionStatus.Failed, "missing required environment variable A", p => p with
        {
            Findings = [new("CONVOX0014",
            "missing required environment variable A.", "Set it."), new("CONVOX0013", "api has no artifact yet.", null)]
        });
        await Json(3, "releases", "promote", "v6");
        await Json(0, "promote", "--detach");
        _driver.Then(p => p with { ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment }] })
            .Ends(PromotionStatus.Cancelled, "cancelled by somebody@box.", p => p with { CancelledBy = A.Person });
        await Json(0, "cancel");
        _driver.Web(ServiceStatus.Stuck, reason: "it runs neither").Ends(PromotionStatus.Stuck, "web did not start.");
        await Json(4, "promote");
        _driver.Ends(PromotionStatus.Succeeded, with: p => p with { Retired = [Api] });
        await Json(0, "promote", "v6");
        _driver.Ends(PromotionStatus.Succeeded);
        await Json(0, "restart");
        await HeldPromotion();
        _driver.Ends(PromotionStatus.Succeeded);
        await Json(0, "rollback");
        await Json(0, "releases", "info", (await Rack.Store.RequireApp(A.App, Ending)).Latest.ToString()!);
        _driver.Ends(PromotionStatus.Succeeded);
        await Json(0, "releases", "rollback");
        foreach (var promotion in await Rack.Store.ListPromotions(A.App, 100, cancel: Ending))
            await Json(0, "promotions", "info", promotion.Id.ToString());
        await Json(0, "promotions");
        await Json(1, "promotions", "info", "PAAAAAAAAAA");
        _driver.Ends(PromotionStatus.Succeeded);
        await Json(0, "env", "set", "NEW=1", "--promote");
    }

    private async Task HeldPromotion()
    {
        await Add("services:\n  web: { port: 8080, verify: ./smoke.sh, deployment: { strategy: canary } }\n",
            new() { [A.Web] = Service('e') });
        await Json(0, "promote", "--dry-run");
        await Json(1, "approve");
        await Json(0, "promote", "--hold", "--detach");
        await _driver.Then(p => p with { Status = PromotionStatus.RollingOut, Hold = new() { Seconds = 3600 } }).Step();
        await Json(1, "approve");
        await Json(0, "promotions");
        await _driver.Then(p => p with { Hold = p.Hold! with { Since = A.Moment } }).Step();
        await Json(0, "promotions");
        _driver.Ends(PromotionStatus.Succeeded, with: p => p with
        {
            Hold = p.Hold! with { ApprovedBy = A.Person, ApprovedAt = A.Moment },
            VerifyCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment, ExitCode = 0,
                LastLines = ["it has a basket"] }],
            Plan = new([new(0) { KeepsOld = true },
                new(10) { KeepsOld = true, HoldSeconds = 60, Shares = new Dictionary<ServiceName, int> { [Api] = 0 } }, new(100)]),
            Traffic = new(2, 100, A.Moment),
            Steps =
            [
                new(0, 0, A.Moment) { EndedAt = A.Moment },
                new(1, 10, A.Moment)
                {
                    Verdicts =
                    [
                        new() { Service = A.Web, Outcome = VerdictOutcome.Good, Requests = 100, P95 = 3,
                            RequestsBefore = 900, P95Before = 3 },
                        new() { Service = Api, Outcome = VerdictOutcome.NotJudged, Reason = "not judged: no traffic" },
                    ],
                },
            ],
            Services = [new() { Service = A.Web, Status = ServiceStatus.Complete, Share = 100, Stage = "CLEAN_UP" }],
        });
        await Json(0, "approve");
    }

    private async Task WhatRuns()
    {
        var active = (await Rack.Store.RequireApp(A.App, Ending)).Active;
        await Json(0, "services");
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 2, 1, 1, active,
            "port 20000 is in use.")
        { Candidate = new(ReleaseId.New(), "http://127.0.0.1:20001/") });
        Rack.NowRunning.ServiceList.Add(new(ServiceName.Parse("gone"), null, null, 1, 1, 1, null, null));
        Rack.NowRunning.ProcessList.Add(new("web-1", A.Web, active, ProcessStatus.Healthy, A.Moment, 3, 4711, 52428800));
        Rack.NowRunning.ProcessList.Add(new("web-2", A.Web, null, ProcessStatus.Unhealthy, A.Moment, 0, null, null));
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", active, "listening"));
        Rack.NowRunning.Lines.Add(new(A.Moment + TimeSpan.FromTicks(1), A.Web, "web-2", null,
            "{ \"quotes\": \"and\tcontrol\u0007characters\" }"));
        var traffic = new TrafficMetrics(1200, 3, 1, 4096, 1 << 20, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(9),
            TimeSpan.FromMilliseconds(18));
        var idle = new TrafficMetrics(0, 0, 0, 0, 0, null, null, null);
        Rack.Measured!.Services.Add(new(A.Web, active!.Value, traffic, 2, [new(A.Moment, traffic, 1, TimeSpan.FromSeconds(1.25), 52428800),
            new(A.Moment + TimeSpan.FromMinutes(1), idle, 1, TimeSpan.Zero, 52428800)]));
        Rack.Measured.Processes.Add(new("web-1", A.Web, active, 0.0208, 52428800));
        Rack.Measured.Processes.Add(new("web-2", A.Web, null, null, null));
        foreach (var words in (string[])["services", "ps", "apps", "logs", "scale", "metrics"]) await Json(0, words);
        await Json(0, "logs", "-f");
        await Json(0, "scale", "web", "3");
        await Json(1, "scale", "none", "3");
    }
}
