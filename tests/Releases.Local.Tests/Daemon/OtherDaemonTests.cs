using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What a command meets where a daemon of another version does not know what it asks: a stand-in on the home's socket.</summary>
public sealed class OtherDaemonTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("0.0.9", "Restart the daemon with this version: dotnet convox rack restart")]
    [InlineData("99.0.0", "Update this tool: dotnet tool update dotnet-convox")]
    public async Task A_request_that_it_does_not_know_names_both_versions_and_what_to_update(string version, string remedy)
    {
        foreach (var status in (int[])[StatusCodes.Status404NotFound, StatusCodes.Status400BadRequest])
        {
            await using var daemon = await Answering(version, status);
            var problem = await Refusal();
            Assert.Equal(
                (ProblemCode.Daemon,
                    $"the daemon ({version}) doesn't know this request of the tool ({ToolVersion.Text}). Nothing changed. {remedy}"),
                (problem.Code, problem.Sentence));
        }
    }

    [Fact]
    public async Task A_daemon_that_fails_is_not_taken_for_one_of_another_version()
    {
        await using var daemon = await Answering("0.0.9", StatusCodes.Status500InternalServerError);
        var problem = await Refusal();
        Assert.Equal(
            $"See the running promotion: dotnet convox watch. The reason is in {_home.Home.DaemonLog}. Restart the daemon: dotnet convox rack restart", $"{problem.Remedy}");
        Assert.StartsWith("the daemon answered 500 to /v1/apps/hello/wake. ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_daemon_from_before_traces_gets_the_promotion_without_its_trace(bool addsRelease)
    {
        List<string> taken = [];
        await using var daemon = await Driving01(taken);
        var store = new InMemoryReleaseStore();
        var request = await Request(store, addsRelease);
        Assert.True(await Begin(store, request with { Trace = PromotionTrace.New(), ExpectsNone = true }));
        Assert.Contains("PAAAAAAAAAA", Assert.Single(taken), StringComparison.Ordinal);
        Assert.Equal(addsRelease, await store.FindPromotion(A.App, request.Id, Cancel) is { Trace: null });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_daemon_from_before_approvals_gets_no_promotion_that_waits_for_one_and_nothing_is_written(bool addsRelease)
    {
        List<string> taken = [];
        await using var daemon = await Driving01(taken);
        var store = new InMemoryReleaseStore();
        var request = await Request(store, addsRelease) with { HoldFor = TimeSpan.FromHours(1) };
        var before = (await store.App(cancel: Cancel)).LastNumber;

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => Begin(store, request))).Problems[0];

        Assert.Equal(
            $"the daemon (0.1.0) doesn't know this request of the tool ({ToolVersion.Text}). Nothing changed. "
                + "Restart the daemon with this version: dotnet convox rack restart",
            problem.Sentence);
        Assert.Empty(taken);
        Assert.Null(await store.FindPromotion(A.App, request.Id, Cancel));
        Assert.Null(await store.FindLock(A.App, Cancel));
        Assert.Equal(before, (await store.App(cancel: Cancel)).LastNumber);
    }

    [Fact]
    public async Task A_daemon_from_before_plans_gets_no_release_that_has_one()
    {
        List<string> taken = [];
        await using var daemon = await Driving01(taken);
        var store = new InMemoryReleaseStore();
        const string manifest = "services:\n  web:\n    verify: ./smoke.sh\n";
        await store.App(cancel: Cancel);
        var release = A.Release() with { Manifest = ManifestId.Of(manifest) };
        Assert.True(await store.TryAddRelease(new(release, null, A.Event(), manifest), Cancel));

        var problem = (await Assert.ThrowsAsync<ProblemException>(() =>
            Begin(store, new(PromotionId.Parse("PAAAAAAAAAA"), A.App, release.Id, "anna")))).Problems[0];

        Assert.StartsWith("the daemon (0.1.0) doesn't know 'verify', ", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("dotnet convox rack restart", $"{problem.Remedy}", StringComparison.Ordinal);
        Assert.Empty(taken);
    }

    [Fact]
    public void A_daemon_says_everything_that_it_knows_of_a_promotion()
    {
        var all = new PromotionRequest(PromotionId.New(), A.App, A.Release().Id, "anna")
        {
            Timeout = TimeSpan.FromMinutes(1),
            RunRelease = true,
            AllowEmpty = true,
            HoldFor = TimeSpan.FromHours(1),
            ExpectActive = A.Release().Id,
            Trace = PromotionTrace.New(),
        };
        var daemon = new DaemonState(1, ToolVersion.Text, "", 1, A.Moment) { Knows = DaemonProtocol.Members };
        Assert.True(DaemonProtocol.Knows(daemon, all));
        Assert.True(DaemonProtocol.Knows(daemon with { Knows = null }, all with { HoldFor = null, Trace = null }));
        Assert.False(DaemonProtocol.Knows(daemon with { Knows = null }, all with { Trace = null }));
    }

    private static async Task<PromotionRequest> Request(InMemoryReleaseStore store, bool addsRelease)
    {
        var app = await store.App(cancel: Cancel);
        var id = PromotionId.Parse("PAAAAAAAAAA");
        if (!addsRelease) return new(id, A.App, (await store.Release(cancel: Cancel)).Id, "anna");
        var release = A.Release(app.LastNumber + 1);
        return new(id, A.App, release.Id, "anna") { Adds = new(release, app.Latest, A.Event(), Snapshot: [1]) };
    }

    private async Task<bool> Begin(InMemoryReleaseStore store, PromotionRequest request)
    {
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var driver = new LocalDriver(
            new(_home.Home, "local", client, new(_home.Home, ToolCommand.Current(), TimeProvider.System), TimeProvider.System), client,
            store, new(store, new(store, new InMemoryVault(), "local"), TimeProvider.System), TimeProvider.System);
        return await driver.Begin(request, Cancel);
    }

    /// <summary>Answers as 0.1.0 does, and collects the requests that it takes.</summary>
    private Task<WebApplication> Driving01(List<string> taken) => Answering("0.1.0", async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(Cancel);
        if (context.Request.Path == DaemonProtocol.Status)
            await context.Response.WriteAsync(
                """{"processId":1,"version":"0.1.0","socket":"","routerPort":1,"startedAt":"2026-11-23T12:00:00Z"}""", Cancel);
        else if (((string[])["trace", "holdFor", "expectsNone"]).Any(m => body.Contains(m, StringComparison.Ordinal)))
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else taken.Add(body);
    });

    private async Task<Problem> Refusal()
    {
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        return (await Assert.ThrowsAsync<ProblemException>(() =>
            client.Post(DaemonProtocol.Wake(AppName.Parse("hello")), Cancel))).Problems[0];
    }

    private Task<WebApplication> Answering(string version, int status) => Answering(version, context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private async Task<WebApplication> Answering(string version, Func<HttpContext, Task> answer)
    {
        HomeFolder.Create(_home.Home);
        var socket = DaemonSocket.Path(_home.Home);
        File.Delete(socket);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var server = builder.Build();
        server.Run(context =>
        {
            context.Response.Headers.Server = $"{DaemonProtocol.Server}/{version}";
            return answer(context);
        });
        await server.StartAsync(Cancel);
        return server;
    }
}
