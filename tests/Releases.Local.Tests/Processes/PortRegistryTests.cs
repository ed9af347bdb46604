using System.Net;
using System.Net.Sockets;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>Alone: what another test's rack takes meanwhile can be the port that a test is about.</summary>
[Collection(nameof(PortRegistryTests))]
[CollectionDefinition(nameof(PortRegistryTests), DisableParallelization = true)]
public sealed class PortRegistryTests : IDisposable
{
    private static readonly ServiceKey Web = new(A.App, A.Web);

    private readonly TemporaryHome _home = new();

    public PortRegistryTests() => HomeFolder.Create(_home.Home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_port_once_given_is_kept_also_while_another_program_has_it()
    {
        using var first = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        var (router, web) = (first.Router, first.PortFor(Web));
        using var otherRouter = Take(router);
        using var otherWeb = Take(web);

        using var second = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        Assert.Equal(router, second.Router);
        Assert.Equal(web, second.PortFor(Web));
        Assert.Equal(web, second.Find(Web));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"router\": 84")]
    [InlineData("[]")]
    public void Ports_that_are_not_known_any_more_are_a_problem_and_not_chosen_again(string damaged)
    {
        File.WriteAllText(_home.Home.Ports, damaged);
        var problem = Assert.Throws<ProblemException>(() => KeptPorts.Read(_home.Home)).Problems[0];
        Assert.Equal(ProblemCode.DamagedStore, problem.Code);
        Assert.Contains(_home.Home.Ports, problem.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllText(_home.Home.Ports));
    }

    [Fact]
    public void A_new_one_is_free_and_nobody_elses()
    {
        using var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        var web = ports.PortFor(Web);
        using var taken = Take(web + 1);
        var api = ports.PortFor(new(A.App, ServiceName.Parse("api")));
        Assert.True(web is >= 20000 and <= 29999 && api is >= 20000 and <= 29999 && api > web + 1, $"{web} {api}");
        Assert.Null(ports.Find(new(A.App, ServiceName.Parse("worker"))));
    }

    [Fact]
    public void A_processs_port_is_lent_to_nobody_else_until_it_is_given_back()
    {
        using var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        var lent = Enumerable.Range(0, 50).Select(_ => ports.Rent()).ToList();
        Assert.Equal(50, lent.Distinct().Count());
        Assert.All(lent, p => Assert.InRange(p, 30000, 32767));
    }

    [Fact]
    public async Task Two_racks_that_start_at_once_fifty_times_never_have_a_port_in_common()
    {
        for (var time = 0; time < 50; time++)
        {
            using var one = new TemporaryHome();
            using var other = new TemporaryHome();
            HomeFolder.Create(one.Home);
            HomeFolder.Create(other.Home);
            using var start = new Barrier(2);
            var books = await Task.WhenAll(new[] { one, other }.Select(home => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                var ports = new PortRegistry(home.Home, KeptPorts.Read(home.Home));
                return (Book: ports, Ports: new[] { ports.Router, ports.PortFor(Web), ports.PortFor(new(A.App, ServiceName.Parse("api"))),
                    ports.Rent(), ports.Rent() });
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Empty(books[0].Ports.Intersect(books[1].Ports));
            foreach (var (ports, _) in books) ports.Dispose();
        }
    }

    [Fact]
    public void A_rack_keeps_its_block_of_ports_and_another_one_that_runs_has_another_block()
    {
        int first;
        using (var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home))) first = ports.Rent();
        using var again = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        Assert.Equal(first, again.Rent());

        using var home = new TemporaryHome();
        HomeFolder.Create(home.Home);
        using var other = new PortRegistry(home.Home, KeptPorts.Read(home.Home));
        Assert.NotEqual(first / 100, other.Rent() / 100);
    }

    [Fact]
    public void A_rack_whose_kept_block_another_one_has_meanwhile_takes_another()
    {
        using var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        using var home = new TemporaryHome();
        HomeFolder.Create(home.Home);
        File.Copy(_home.Home.Ports, home.Home.Ports);
        using var copy = new PortRegistry(home.Home, KeptPorts.Read(home.Home));
        Assert.NotEqual(ports.Rent() / 100, copy.Rent() / 100);
    }

    [Fact]
    public void A_block_of_which_every_port_is_in_use_is_followed_by_another()
    {
        using var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        Assert.Equal(250, Enumerable.Range(0, 250).Select(_ => ports.Rent()).Distinct().Count());
    }

    [Fact]
    public void Ports_that_a_person_chose_are_kept_and_there_are_no_others()
    {
        var chosen = PortRange.FromEnvironment("31990-31992");
        using (var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home), chosen))
        {
            int[] lent = [ports.Rent(), ports.Rent(), ports.Rent()];
            Assert.Equal([31990, 31991, 31992], lent);
            var problem = Assert.Throws<ProblemException>(() => ports.Rent()).Problems[0];
            Assert.Equal(ProblemCode.ProcessPorts, problem.Code);
            Assert.Equal("every port from 31990 to 31992 is in use, so no process can start. Running processes aren't affected.",
                problem.Message);
            ports.Return(31991);
            Assert.Equal(31991, ports.Rent());
        }

        using var later = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home));
        Assert.Equal(31990, later.Rent());
    }

    [Fact]
    public void Racks_whose_chosen_ports_overlap_lend_each_port_once()
    {
        using var home = new TemporaryHome();
        HomeFolder.Create(home.Home);
        using var one = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home), new PortRange(31990, 31993));
        using var other = new PortRegistry(home.Home, KeptPorts.Read(home.Home), new PortRange(31991, 31994));
        int[] lent = [one.Rent(), other.Rent(), one.Rent(), other.Rent()];
        Assert.Equal(4, lent.Distinct().Count());
    }

    [Fact]
    public void A_port_that_something_listens_at_on_any_address_is_not_lent()
    {
        using var taken = new TcpListener(IPAddress.IPv6Loopback, 31990);
        taken.Start();
        using var ports = new PortRegistry(_home.Home, KeptPorts.Read(_home.Home), new PortRange(31990, 31991));
        Assert.Equal(31991, ports.Rent());
    }

    [Theory]
    [InlineData("31000")]
    [InlineData("31099-31000")]
    [InlineData("80-90")]
    [InlineData("31000-70000")]
    [InlineData("31000-31099-31199")]
    [InlineData("a-b")]
    public void What_is_no_range_of_ports_is_refused_by_name(string value)
    {
        var problem = Assert.Throws<ProblemException>(() => PortRange.FromEnvironment(value)).Problems[0];
        Assert.Equal(ProblemCode.ProcessPorts, problem.Code);
        Assert.Equal($"CONVOX_PORTS is '{value}', not a range of ports.", problem.Message);
    }

    private static TcpListener Take(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }
}
