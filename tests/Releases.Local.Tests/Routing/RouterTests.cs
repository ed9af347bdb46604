using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

public sealed class RouterTests
{
    [Theory]
    [InlineData("hello.localhost")]
    [InlineData("web.hello.localhost")]
    [InlineData("WEB.Hello.LOCALHOST")]
    public async Task A_service_is_reached_by_its_name(string host)
    {
        await using var web = await SampleProcess.Start(("RELEASE", "R1"), ("GREETING", "hi"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client(host);

        Assert.Equal("R1 hi", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_service_is_reached_at_its_own_port_whatever_the_host()
    {
        await using var web = await SampleProcess.Start(("RELEASE", "R1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client("127.0.0.1", running.DirectPort);

        Assert.Equal("R1", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task An_app_is_told_where_the_request_came_from_and_keeps_the_host()
    {
        await using var web = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();

        var headers = (await client.GetStringAsync("/headers")).Split('\n');

        Assert.Contains($"Host: hello.localhost:{running.Port}", headers);
        Assert.Contains($"X-Forwarded-Host: hello.localhost:{running.Port}", headers);
        Assert.Contains("X-Forwarded-For: 127.0.0.1", headers);
        Assert.Contains("X-Forwarded-Proto: http", headers);
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_a_404_that_says_where_to_look()
    {
        await using var running = await RunningRouter.Start();
        using var client = running.Client("other.localhost");

        var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("No service has the address other.localhost. List apps: dotnet convox apps\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_service_with_nothing_ready_is_a_503_that_says_where_to_look()
    {
        await using var running = await RunningRouter.Start();
        using var client = running.Client();

        var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("No process of web of hello is ready. List processes: dotnet convox ps --app hello\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_router_and_the_services_are_reached_from_this_machine_only()
    {
        await using var running = await RunningRouter.Start();

        foreach (var port in (int[])[running.Port, running.DirectPort])
        {
            Assert.NotEmpty(ListeningSocketTable.At(port));
            Assert.All(ListeningSocketTable.At(port), s => Assert.True(IPAddress.IsLoopback(s.Address.Address), $"{s.Address}"));
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_the_program_that_has_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var running = await RunningRouter.Start();

        var problem = Assert.Throws<ProblemException>(() => running.Router.Listen(port)).Problems[0];

        Assert.Equal(ProblemCode.PortInUse, problem.Code);
        Assert.StartsWith($"port {port} is in use by another program (", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_let_go_can_be_had_by_another_program_while_the_others_stay()
    {
        await using var web = await SampleProcess.Start(("RELEASE", "R1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();

        running.Router.StopListening(running.DirectPort);

        using var other = new TcpListener(IPAddress.Loopback, running.DirectPort);
        other.Start();
        Assert.Equal("R1", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Requests_go_to_the_process_with_the_fewest_and_in_turn_where_they_have_as_many()
    {
        await using var a = await SampleProcess.Start(("RELEASE", "A"));
        await using var b = await SampleProcess.Start(("RELEASE", "B"));
        await using var running = await RunningRouter.Start(a.Target, b.Target);
        using var client = running.Client();

        Assert.Equal(["A", "B"], new[] { await client.GetStringAsync("/"), await client.GetStringAsync("/") }.Order());

        // An answer has come before its request counts as ended.
        await Patience.Until(() => a.Target.InFlight + b.Target.InFlight == 0);
        using var leave = new CancellationTokenSource();
        var slow = client.GetStringAsync("/slow?ms=60000", leave.Token);
        await Patience.Until(() => a.Target.InFlight + b.Target.InFlight == 1);
        var idle = a.Target.InFlight == 0 ? "A" : "B";
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(idle, await client.GetStringAsync("/"));
            await Patience.Until(() => a.Target.InFlight + b.Target.InFlight == 1);
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }
}
