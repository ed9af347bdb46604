using System.Net.Sockets;
using System.Text;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Control;

/// <summary>What commands make of a daemon that answers something else than it should.</summary>
public sealed class DaemonClientTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_home_where_nobody_listens_has_no_daemon()
    {
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        Assert.Null(await client.Status(Cancel));
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("500 Internal Server Error")]
    public async Task An_answer_that_is_none_says_that_nothing_was_changed_and_how_to_replace_the_daemon(string status)
    {
        var answered = Answer($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var client = new DaemonClient(_home.Home, TimeProvider.System);

        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() => client.Status(Cancel))).Problems);
        await answered;
        Assert.Equal(ProblemCode.Daemon, problem.Code);
        Assert.StartsWith($"the daemon answered {status[..3]} to /v1/status. Nothing changed.", problem.Text, StringComparison.Ordinal);
        Assert.Contains("dotnet convox rack restart", problem.Remedy?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_is_answered_so_may_have_been_made_and_how_to_see_it_is_said()
    {
        var answered = Answer("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var client = new DaemonClient(_home.Home, TimeProvider.System);

        var problem = Assert.Single(
            (await Assert.ThrowsAsync<ProblemException>(() => client.Post(DaemonProtocol.Promotions, Cancel))).Problems);
        await answered;
        Assert.Equal("the daemon answered 500 to /v1/promotions. The change may or may not have been made.", problem.Message);
        Assert.StartsWith("See the running promotion: dotnet convox watch. The reason is in ", problem.Remedy?.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_daemon_refuses_reaches_the_person_as_it_said_it()
    {
        const string Body = """[{"code":"CONVOX0012","message":"It runs.","remedy":"Wait.","kind":5}]""";
        var answered = Answer(
            $"HTTP/1.1 422 Unprocessable Entity\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}");
        using var client = new DaemonClient(_home.Home, TimeProvider.System);

        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() => client.Status(Cancel))).Problems);
        await answered;
        Assert.Equal(new(ProblemCode.Busy, "It runs.", "Wait.", ProblemKind.Busy), problem);
    }

    /// <summary>Listens where the daemon would and gives one answer.</summary>
    private Task Answer(string answer)
    {
        Directory.CreateDirectory(_home.Home.Folder);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(DaemonSocket.Path(_home.Home)));
        listener.Listen();
        return Serve();

        async Task Serve()
        {
            using (listener)
            {
                using var connection = await listener.AcceptAsync(Cancel);
                await connection.ReceiveAsync(new byte[4096], Cancel);
                await connection.SendAsync(Encoding.ASCII.GetBytes(answer), Cancel);
                connection.Shutdown(SocketShutdown.Send);
            }
        }
    }
}
