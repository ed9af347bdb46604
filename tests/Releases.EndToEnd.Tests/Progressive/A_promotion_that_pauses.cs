using Xunit;

namespace Releases.EndToEnd.Tests.Progressive;

/// <summary>Promotions that wait between two moments: for an approval, for the end of a step, or in the bake.</summary>
[Collection("racks")]
public sealed class A_promotion_that_pauses
{
    [Fact]
    public async Task Is_not_judged_without_traffic()
    {
        await using var app = await SteppedRack.Make("deployment: { strategy: canary, percent: 10, interval: 1s, bake: 1s }");
        var (run, promotion) = await app.Succeeds(app.Rack.Start("promote"));
        Assert.All(promotion.Steps.Skip(1).Take(2).Select(s => s.Verdicts.Single()),
            v => Assert.Equal((VerdictOutcome.NotJudged, "not judged: no traffic"), (v.Outcome, v.Reason)));
        Assert.Equal(2, run.Error.Split("web: not judged: no traffic\n").Length - 1);
        var step = (await app.Rack.Json("promotions", "info")).GetProperty("steps")[1].GetProperty("verdicts")[0];
        Assert.Equal("notJudged", step.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Goes_back_if_a_process_dies_in_the_bake()
    {
        await using var app = await SteppedRack.Make("deployment: { strategy: blue-green, bake: 10m }");
        var old = await app.Rack.Processes("web");
        var promoting = app.Rack.Start("promote");
        await app.UntilStep(1, promoting);
        await app.Rack.Until(async () => await app.Rack.Get("/work") == $"{app.Next.Id}", "the new one serves");
        TestRack.Signal(Assert.Single(app.Rack.LivingProcesses().Except(old)), "KILL");
        var (run, promotion) = await app.Fails(promoting, @"web .+; the release had 100 % of the traffic\.");
        Assert.Equal("web", $"{promotion.FailedService}");
        Assert.Contains("Traffic: 100 % with the old processes kept for 10m\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(old, await app.Rack.Processes("web"));
    }

    [Fact]
    public async Task Can_be_tried_by_header_while_it_is_held_and_takes_over_once_it_is_approved()
    {
        await using var app = await SteppedRack.Make("verify: 'true'");
        await using var visitors = await Visitors.Of(app.Rack);
        var promoting = app.Rack.Start("promote", "--hold");
        await app.Rack.Until(
            async () => promoting.Ended.IsCompleted || (await app.Rack.LastPromotion()).WaitsForApproval, "it waits for an approval");
        Assert.False(promoting.Ended.IsCompleted, $"{promoting.Output}{promoting.Errors}");
        Assert.Equal((app.Next.Id.ToString(), app.Next.Id.ToString()), await app.AskFor(app.Next.Id));
        Assert.Equal((app.Old.Id.ToString(), app.Old.Id.ToString()), await app.AskFor(null));
        var held = (await app.Rack.Json("services"))[0];
        Assert.Equal(app.Next.Id.ToString(), held.GetProperty("candidateRelease").GetString());
        using (var client = new HttpClient())
            Assert.Equal(app.Next.Id.ToString(), (await client.GetStringAsync(new Uri(new(held.GetProperty("candidateUrl").GetString()!), "work"),
                TestContext.Current.CancellationToken)).Trim());
        Assert.Contains("waiting for approval", await app.Rack.Do("promotions"), StringComparison.Ordinal);
        Assert.All(visitors.Answers, a => Assert.Equal(app.Old.Id, a.Release));

        await app.Rack.Do("approve");
        var (run, promotion) = await app.Succeeds(promoting);
        Assert.All(await visitors.Stop(app.Old.Id, app.Next.Id), a => Assert.Equal(200, a.Status));
        Assert.Contains("Waiting for approval; rolls back after 1h without one. Approve it: dotnet convox approve", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("Approved by somebody@box\n", run.Error, StringComparison.Ordinal);
        Assert.Equal("somebody@box", promotion.Hold!.ApprovedBy);
        Assert.Contains("promotion approved", await app.Rack.Do("events"), StringComparison.Ordinal);
        Assert.Matches("(?m)^Hold +approved by somebody@box ", await app.Rack.Do("promotions", "info"));
    }

    [Fact]
    public async Task Goes_back_if_nobody_approves_it_in_time()
    {
        await using var app = await SteppedRack.Make("");
        await using var visitors = await Visitors.Of(app.Rack);
        var (run, promotion) = await app.Fails(app.Rack.Start("promote", "--hold", "--hold-for", "15s"), @"nobody approved it within 15s\.");
        Assert.All(await visitors.Stop(app.Old.Id), a => Assert.Equal((app.Old.Id, 200), (a.Release, a.Status)));
        Assert.Contains("Waiting for approval; rolls back after 15s without one.", run.Error, StringComparison.Ordinal);
        Assert.Null(promotion.Hold!.ApprovedAt);
        Assert.Matches("(?m)^Hold +not approved$", await app.Rack.Do("promotions", "info"));
    }
}
