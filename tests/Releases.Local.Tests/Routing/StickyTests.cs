using System.Net;
using Xunit;

namespace Releases.Local.Tests;

public sealed class StickyTests
{
    [Fact]
    public async Task A_client_stays_with_the_process_that_answered_it_first()
    {
        await using var a = await SampleProcess.Start(("RELEASE", "A"));
        await using var b = await SampleProcess.Start(("RELEASE", "B"));
        await using var running = await RunningRouter.StartSticky(a.Target, b.Target);

        var seen = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            using var client = Client(running);
            var first = await client.GetStringAsync("/");
            for (var j = 0; j < 4; j++) Assert.Equal(first, await client.GetStringAsync("/"));
            seen.Add(first);
        }

        Assert.Equal(["A", "B"], seen.Order());
    }

    [Fact]
    public async Task The_cookie_is_set_once_and_out_of_reach_of_scripts()
    {
        await using var web = await SampleProcess.Start();
        await using var running = await RunningRouter.StartSticky(web.Target);
        using var client = Client(running);

        using var first = await client.GetAsync("/");
        using var second = await client.GetAsync("/");

        Assert.Equal($"convox-web.hello={web.Target.Id}; Path=/; HttpOnly; SameSite=Lax",
            Assert.Single(first.Headers.GetValues("Set-Cookie")));
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task When_the_process_is_gone_another_one_takes_over_and_keeps_the_client()
    {
        await using var a = await SampleProcess.Start(("RELEASE", "A"));
        await using var b = await SampleProcess.Start(("RELEASE", "B"));
        await using var c = await SampleProcess.Start(("RELEASE", "C"));
        await using var running = await RunningRouter.StartSticky(a.Target);
        using var client = Client(running);
        Assert.Equal("A", await client.GetStringAsync("/"));

        running.Publish(b.Target, c.Target);
        await a.Stop();

        var next = await client.GetStringAsync("/");
        for (var i = 0; i < 4; i++) Assert.Equal(next, await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_service_that_is_not_sticky_sets_no_cookie()
    {
        await using var web = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);

        using var answer = await client.GetAsync("/");

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    private static HttpClient Client(RunningRouter running)
    {
        var handler = RunningRouter.Handler();
        (handler.UseCookies, handler.CookieContainer) = (true, new CookieContainer());
        return new(handler) { BaseAddress = new Uri($"http://hello.localhost:{running.Port}") };
    }
}
