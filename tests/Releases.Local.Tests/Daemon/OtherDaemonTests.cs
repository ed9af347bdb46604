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

    [Fact]
    public async Task A_daemon_from_before_traces_gets_the_promotion_without_its_trace()
    {
        List<string> taken = [];
        await using var daemon = await Answering("0.0.9", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(Cancel);
            if (context.Request.Path == DaemonProtocol.Status)
                await context.Response.WriteAsync(
                    """{"processId":1,"version":"0.0.9","socket":"","routerPort":1,"startedAt":"2026-11-23T12:00:00Z"}""", Cancel);
            else if (body.Contains("trace", StringComparison.Ordinal)) context.Response.StatusCode = StatusCodes.Status400BadRequest;
            else taken.Add(body);
        });
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var store = new InMemoryReleaseStore();
        var driver = new LocalDriver(
            new(_home.Home, "local", client, new(_home.Home, ToolCommand.Current(), TimeProvider.System), TimeProvider.System), client,
            store, new(store, new(store, new InMemoryVault(), "local"), TimeProvider.System), TimeProvider.System);
        await driver.Begin(
            new(PromotionId.Parse("PAAAAAAAAAA"), A.App, A.Release().Id, "anna") { Trace = PromotionTrace.New() }, Cancel);
        Assert.Contains("PAAAAAAAAAA", Assert.Single(taken), StringComparison.Ordinal);
    }

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
