using System.Net;
using System.Net.Sockets;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

public sealed class PortBookTests : IDisposable
{
    private static readonly ServiceKey Web = new(A.App, A.Web);

    private readonly TemporaryHome _home = new();

    public PortBookTests() => HomeFolder.Create(_home.Home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_port_once_given_is_kept_also_while_another_program_has_it()
    {
        var first = new PortBook(_home.Home);
        var (router, web) = (first.Router, first.Of(Web));
        using var otherRouter = Take(router);
        using var otherWeb = Take(web);

        var second = new PortBook(_home.Home);
        Assert.Equal(router, second.Router);
        Assert.Equal(web, second.Of(Web));
        Assert.Equal(web, second.Find(Web));
    }

    [Fact]
    public void A_new_one_is_free_and_nobody_elses()
    {
        var book = new PortBook(_home.Home);
        var web = book.Of(Web);
        using var taken = Take(web + 1);
        var api = book.Of(new(A.App, ServiceName.Parse("api")));
        Assert.True(web is >= 20000 and <= 29999 && api is >= 20000 and <= 29999 && api > web + 1, $"{web} {api}");
        Assert.Null(book.Find(new(A.App, ServiceName.Parse("worker"))));
    }

    [Fact]
    public void A_processs_port_is_lent_to_nobody_else_until_it_is_given_back()
    {
        var book = new PortBook(_home.Home);
        var lent = Enumerable.Range(0, 50).Select(_ => book.Lend()).ToList();
        Assert.Equal(50, lent.Distinct().Count());
        Assert.All(lent, p => Assert.InRange(p, 30000, 32767));
    }

    private static TcpListener Take(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }
}
