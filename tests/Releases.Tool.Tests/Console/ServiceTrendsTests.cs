using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class ServiceTrendsTests : Browsing
{
    private static readonly DateTimeOffset Newest = new(A.Moment.UtcTicks - A.Moment.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    [Fact]
    public async Task The_last_hour_has_a_line_for_each_measure_with_its_latest_value_and_its_peak_as_text()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Measure(release.Id, Minute(3, requests: 240, errors: 6, failed: 1, p95: 35), Minute(2, requests: 60, errors: 0, p95: 1200),
            Minute(1, requests: 12, errors: 2, p95: 8));
        var page = await Get("/apps/hello/services");
        Assert.Contains(
            "Last hour Service Requests Errors p95 CPU Memory web 12/min peak 240/min 2/min peak 7/min 8.0 ms peak 1.2 s 50 % peak 50 % 64 MB peak 64 MB", page.Text, StringComparison.Ordinal);
        Assert.Contains("role=\"img\" aria-label=\"Errors of web in the last hour: now 2/min, peak 7/min\"", page.Html,
            StringComparison.Ordinal);
        Assert.Equal(["M116 2L118 20L120 24.8", "M116 2L118 26L120 19.1"], Paths(page).Take(2));
        Assert.DoesNotContain("Vertical lines", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_that_serve_together_are_one_line_and_minutes_without_a_measurement_are_gaps()
    {
        var (old, next) = (await Rack.Store.Release(cancel: Ending), await Rack.Store.Release(cancel: Ending));
        Measure(old.Id, Minute(5, requests: 10, p95: 10), Minute(2, requests: 30, p95: 10));
        Measure(next.Id, Minute(2, requests: 10, p95: 80), Minute(1, requests: 20));
        var page = await Get("/apps/hello/services");
        Assert.Contains("web 20/min peak 40/min 0/min peak 0/min – peak 80 ms", page.Text, StringComparison.Ordinal);
        Assert.Equal("M112 20h0M118 2L120 14", Paths(page)[0]);
        // Nothing failed, so the line stays at the bottom.
        Assert.Equal("M112 26h0M118 26L120 26", Paths(page)[1]);
    }

    [Fact]
    public async Task A_service_without_a_port_has_no_lines_of_requests()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Measure(release.Id, Minute(2, requests: 0), Minute(1, requests: 0));
        Assert.Contains("p95 CPU Memory web 50 % peak 50 % 64 MB peak 64 MB", (await Get("/apps/hello/services")).Text,
            StringComparison.Ordinal);
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", null, 1, 1, 1, release.Id, null));
        Assert.Contains("web 0/min peak 0/min 0/min peak 0/min 50 %", (await Get("/apps/hello/services")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promotions_of_the_hour_are_marked_and_named()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var promotion = await Rack.Store.Promoted(release, PromotionStatus.Failed, cancel: Ending);
        Measure(release.Id, Minute(1, requests: 1));
        var page = await Get("/apps/hello/services");
        // Nothing was answered, so there is no line of p95.
        Assert.Equal(4, Regex.Count(page.Html,
            "<line class=\"bad\" x1=\"120\" y1=\"0\" x2=\"120\" y2=\"28\"><title>v1 failed, started 15 minutes ago</title>"));
        Assert.Contains($"<a href=\"/apps/hello/promotions/{promotion.Id}\">v1 failed, started 15 minutes ago</a>", page.Html,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_minute_that_runs_is_left_out_and_a_rack_that_does_not_measure_shows_nothing()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Measure(release.Id, Minute(0, requests: 1));
        Assert.DoesNotContain("Last hour", (await Get("/apps/hello/services")).Text, StringComparison.Ordinal);
        Measure(release.Id, Minute(1, requests: 1));
        Assert.Contains("Last hour", (await Get("/apps/hello/services")).Text, StringComparison.Ordinal);
        Rack.Measured = null;
        Assert.DoesNotContain("Last hour", (await Get("/apps/hello/services")).Text, StringComparison.Ordinal);
    }

    private void Measure(ReleaseId release, params IReadOnlyList<MinuteMetrics> minutes) =>
        Rack.Measured!.Services.Add(new(A.Web, release, minutes[0].Traffic, 0, minutes));

    private static MinuteMetrics Minute(int ago, long requests, long errors = 0, long failed = 0, int? p95 = null) => new(
        Newest - TimeSpan.FromMinutes(ago),
        new(requests, errors, failed, 0, 0, null, p95 is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null, null), 1,
        TimeSpan.FromSeconds(30), 64 * 1024 * 1024);

    private static List<string> Paths(Shown page) =>
        [.. Regex.Matches(page.Html.Split("id=\"page\"")[1], "<path d=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
}
