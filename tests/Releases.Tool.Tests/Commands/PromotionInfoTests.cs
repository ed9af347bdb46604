using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PromotionInfoTests : Typing
{
    [Fact]
    public async Task All_promotions_are_listed_on_request()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        for (var i = 0; i < 12; i++) await Rack.Store.Promoted(release, cancel: Ending);
        Assert.Equal(0, await Type("promotions"));
        Assert.Equal(10, Data.Count(c => c == '\n') - 1);
        Assert.Equal(0, await Type("promotions", "--all"));
        Assert.Equal(12, Data.Count(c => c == '\n') - 1);
        Assert.Equal(2, await Type("promotions", "--all", "--limit", "3"));
    }

    [Fact]
    public async Task One_that_was_rolled_back_shows_when_each_service_came_to_what_why_and_what_it_printed_last()
    {
        var id = await RolledBack();

        Assert.Equal(0, await Type("promotions", "info", id.ToString()));
        Assert.Equal(
            """
            SERVICE  STATUS       HEALTHY  OLD LEFT  REASON
            web      rolled back  0/2      2         exited with code 3

            web:
               +0.0 s  waiting
               +0.1 s  starting
               +2.3 s  failed
               +2.3 s  rolling back
              +12.0 s  rolled back

            The last lines of web:
              cannot start

            """, Data[Data.IndexOf("SERVICE", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Changes_that_are_not_recorded_are_counted_where_they_were()
    {
        var web = new PromotionService { Service = A.Web };
        for (var second = 0; second < 100; second++)
            web = web.At(second % 2 == 0 ? ServiceStatus.Starting : ServiceStatus.Healthy, A.Moment.AddSeconds(second));
        var id = await Failed(web);
        Assert.Equal(0, await Type("promotions", "info", $"{id}"));
        Assert.Matches(@"\n +\+19.0 s  healthy\n +…  60 changes not recorded\n +\+80.0 s  starting\n", Data);
        Assert.Equal(0, await Type("promotions", "info", $"{id}", "--json"));
        var steps = JsonDocument.Parse(Data).RootElement.GetProperty("services")[0].GetProperty("steps");
        Assert.Equal([(20, 60)], steps.EnumerateArray().Index()
            .Select(s => (s.Index, s.Item.GetProperty("omitted").GetInt32())).Where(s => s.Item2 > 0));
        var spans = PromotionTimeline.From((await Rack.Store.FindPromotion(A.App, id, Ending))!, A.Moment.AddSeconds(100))!.Rows[0].Spans;
        Assert.Equal(("healthy, then 60 changes not recorded", TimeSpan.FromSeconds(61)), (spans[19].Text, spans[19].Until - spans[19].From));
    }

    [Fact]
    public async Task As_data_a_service_has_its_steps()
    {
        var id = await RolledBack();

        Assert.Equal(0, await Type("promotions", "info", id.ToString(), "--json"));
        var steps = JsonDocument.Parse(Data).RootElement.GetProperty("services")[0].GetProperty("steps");
        Assert.Equal(["waiting", "starting", "failed", "rollingBack", "rolledBack"],
            steps.EnumerateArray().Select(s => s.GetProperty("status").GetString()));
        Assert.Equal(A.Moment.AddSeconds(12), steps[4].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Without_an_id_it_is_the_newest()
    {
        await RolledBack();
        var newest = await RolledBack();
        Assert.Equal(0, await Type("promotions", "info", "--json"));
        Assert.Equal(newest.ToString(), JsonDocument.Parse(Data).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Before_the_first_promotion_there_is_none_to_show()
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(1, await Type("promotions", "info"));
        Assert.Contains(
            "error CONVOX0031: hello has no promotions yet. Promote a release: dotnet convox promote", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_runs_has_not_taken_longer_than_since_it_began()
    {
        var began = Time.GetUtcNow() - TimeSpan.FromSeconds(3.7);
        var open = A.Promotion(await Rack.Store.Release(cancel: Ending)) with { StartedAt = began };
        await Rack.Store.BeginPromotion(open, "the daemon", A.Event(EventKind.PromotionStarted, open.Release, open.Id), Ending);
        await Rack.Store.SaveBuild(A.Build() with { StartedAt = began }, Ending);
        foreach (var command in (string[])["promotions", "promotions info", "builds"])
        {
            Assert.Equal(0, await Type(command.Split(' ')));
            Assert.Contains("3 seconds ago", Data, StringComparison.Ordinal);
            Assert.Matches(@"\b3s\b", Data);
        }
    }

    [Fact]
    public async Task One_that_is_kept_as_a_line_is_marked()
    {
        await RolledBack();
        await RolledBack();
        await Rack.Store.ShortenPromotions(A.App, 1, 10, Ending);
        Assert.Equal(0, await Type("promotions", "--json"));
        var marks = JsonDocument.Parse(Data).RootElement.EnumerateArray().Select(p => p.GetProperty("shortened").GetBoolean());
        Assert.Equal([false, true], marks);
    }

    private Task<PromotionId> RolledBack()
    {
        var web = new PromotionService
        { Service = A.Web, Desired = 2, Old = 2, Reason = "exited with code 3", LastLines = ["cannot start"] };
        foreach (var (status, after) in ((ServiceStatus, double)[])
            [
                (ServiceStatus.Waiting, 0), (ServiceStatus.Starting, 0.1), (ServiceStatus.Failed, 2.3), (ServiceStatus.RollingBack, 2.3),
                (ServiceStatus.RolledBack, 12),
            ])
            web = web.At(status, A.Moment.AddSeconds(after));
        return Failed(web);
    }

    private async Task<PromotionId> Failed(PromotionService web)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var promotion = A.Promotion(release);
        var held = await Rack.Store.BeginPromotion(promotion, "a test",
            A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Ending);
        await Rack.Store.FinishPromotion(
            held, promotion with { Status = PromotionStatus.Failed, Services = [web], EndedAt = promotion.StartedAt.AddSeconds(12) },
            A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Ending);
        return promotion.Id;
    }
}
