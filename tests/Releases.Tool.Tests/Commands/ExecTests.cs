using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class ExecTests : Typing
{
    [Theory]
    [InlineData("ls -la|", "ls -la")]
    [InlineData("|bash", "bash")]
    [InlineData("|ls/-la/--json/-r/--rack=x", "ls", "-la", "--json", "-r", "--rack=x")]
    [InlineData("|exec/run/", "exec", "run", "")]
    public async Task What_follows_the_process_is_run_beside_it_and_recorded(string runs, params string[] words)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Rack.NowRunning.ProcessList.Add(new("web-4f21", A.Web, release.Id, ProcessStatus.Healthy, A.Moment, 0, 4711, null));
        Rack.RanOnce.ExitCode = 7;
        Assert.Equal(7, await Type(["exec", "web-4f21", .. words]));
        var (process, command) = Assert.Single(Rack.RanOnce.Beside);
        Assert.Equal(("web-4f21", runs), (process, $"{command.Shell}|{string.Join('/', command.Arguments)}"));
        var recorded = (await Rack.Store.ListEvents(A.App, 1, Ending))[0];
        Assert.Equal((EventKind.OneOffStarted, release.Id), (recorded.Kind, recorded.Release));
        Assert.StartsWith("web-4f21: ", recorded.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_secret_of_a_command_is_recorded_also_where_the_environment_cannot_be_read(bool canBeRead)
    {
        await Rack.Store.App(cancel: Ending);
        await new EnvironmentRelease(Rack, TimeProvider.System).Create(new(A.App, new([new("TOKEN", "first-secret")], []), null, A.Person), Ending);
        var release = await Rack.Store.RequireRelease(A.App, (await Rack.Store.RequireApp(A.App, Ending)).Latest!.Value, Ending);
        Rack.NowRunning.ProcessList.Add(new("web-4f21", A.Web, release.Id, ProcessStatus.Healthy, A.Moment, 0, 4711, null));
        Rack.Sealed.IsLocked = !canBeRead;
        Assert.Equal(0, await Type("exec", "web-4f21", "login", "--token", "first-secret"));
        Assert.Single(Rack.RanOnce.Beside);
        var recorded = (await Rack.Store.ListEvents(A.App, 1, Ending))[0];
        Assert.StartsWith("web-4f21: ", recorded.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("first-secret", recorded.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_does_not_run_is_refused_and_nothing_is_recorded()
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(1, await Type("exec", "web-4f21", "ls"));
        Assert.Contains("hello has no process 'web-4f21' now.", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain(await Rack.Store.ListEvents(A.App, 10, Ending), e => e.Kind == EventKind.OneOffStarted);
    }
}
