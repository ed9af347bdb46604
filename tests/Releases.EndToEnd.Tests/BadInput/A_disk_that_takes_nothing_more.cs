using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

/// <summary>A home on a disk of its own, which is then filled or made read-only: what is there can be seen and ended, and nothing is half
/// done.</summary>
[Collection("racks")]
public sealed class A_disk_that_takes_nothing_more : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n";

    // The daemon's copy of the tool is the largest thing on it.
    private readonly SmallDisk _disk = new(200 * 1024);
    private readonly TestRack _rack;
    private ReleaseId _active;

    public A_disk_that_takes_nothing_more() => _rack = new(Path.Combine(_disk.Path, "home"));

    public async ValueTask InitializeAsync()
    {
        _active = (await _rack.Publish(Web, "web")).Id;
        await _rack.Do("promote");
    }

    public async ValueTask DisposeAsync()
    {
        await _rack.DisposeAsync();
        _disk.Dispose();
    }

    [Fact]
    public async Task When_full_refuses_changes_and_goes_on_serving()
    {
        _disk.Fill(leave: 0);
        await Refuses("CONVOX0010", "is full. Running services and what was stored before are unaffected", "env", "set", "A=1");
        await Refuses("CONVOX0010", "is full. Running services and what was stored before are unaffected", "promote");
        await ShowsWhatIsThere();
        Assert.StartsWith(_active.ToString(), await _rack.Get("/"), StringComparison.Ordinal);

        _disk.Empty();
        await _rack.Do("promote");
        Assert.Equal(_active, await _rack.Active());
    }

    [Fact]
    public async Task When_full_during_a_promotion_is_named_by_the_command_that_follows_it()
    {
        var healthy = Path.Combine(_rack.AppFolder, "healthy");
        var next = await _rack.Set($"HEALTHY_WHEN={healthy}");
        var follower = _rack.Start("promote");
        await _rack.Until(
            () => Task.FromResult($"{follower.Errors}".Contains("web: starting", StringComparison.Ordinal)), "it is followed");
        _disk.Fill(leave: 0);
        await File.WriteAllTextAsync(healthy, "", TestContext.Current.CancellationToken);
        await _rack.Until(
            () => Task.FromResult($"{follower.Errors}".Contains("is interrupted: the disk under ", StringComparison.Ordinal)),
            "the command names the disk");

        _disk.Empty();
        var run = await follower.Ended;
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(next, await _rack.Active());
    }

    [Fact]
    public async Task When_full_under_a_stopped_rack_shows_it_and_says_why_it_does_not_start()
    {
        await _rack.Do("rack", "stop");
        _disk.Fill(leave: 0);
        await Refuses("CONVOX0010", "aren't running", "rack", "start");
        await Refuses("CONVOX0010", "the disk under ", "promote");
        await ShowsWhatIsThere();

        _disk.Empty();
        await _rack.Do("rack", "start");
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "the service is back");
    }

    [Fact]
    public async Task When_full_while_a_daemon_was_killed_shows_what_is_there_and_says_that_nothing_can_be_brought_back()
    {
        var daemon = await _rack.DaemonProcess();
        TestRack.Signal(daemon, "KILL");
        // What still ends gives room back.
        await _rack.Until(() => Task.FromResult(!TestRack.Lives(daemon) && _rack.LivingProcesses().Count == 0),
            "the daemon and its processes are gone");
        _disk.Fill(leave: 0);
        var releases = await _rack.Run("releases");
        Assert.Equal(0, releases.ExitCode);
        Assert.Contains(_active.ToString(), releases.Out, StringComparison.Ordinal);
        Assert.Equal("", releases.Error);
        // Whoever reads the records last folds their log in, which gives room back.
        _disk.Fill(leave: 0);
        var set = await _rack.Run("env", "set", "A=1");
        Assert.Contains("note: the daemon died and its services can't be restarted now: the disk under", set.Error,
            StringComparison.Ordinal);
        _disk.Empty();
        await _rack.Do("rack", "start");
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "the service is back");
    }

    [Fact]
    public async Task When_read_only_refuses_changes_and_shows_what_is_there()
    {
        await _rack.Do("rack", "stop");
        _disk.MakeReadOnly();
        await Refuses("CONVOX0009", "is on a read-only file system", "env", "set", "A=1");
        await Refuses("CONVOX0009", "is on a read-only file system", "promote");
        await Refuses("CONVOX0009", "is on a read-only file system", "rack", "start");
        await ShowsWhatIsThere();
        Assert.Equal("The rack wasn't running.", (await _rack.Run("rack", "stop")).Error.Trim());
    }

    private async Task Refuses(string code, string sentence, params string[] command)
    {
        var run = await _rack.Run(command);
        Assert.True(run.ExitCode == 1, run.All);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    private async Task ShowsWhatIsThere()
    {
        var release = Assert.Single((await _rack.Json("releases")).EnumerateArray());
        Assert.Equal(_active.ToString(), release.GetProperty("id").GetString());
        Assert.Equal("active", release.GetProperty("status").GetString());
        await _rack.Do("ps");
        await _rack.Do("services");
        await _rack.Do("promotions");
    }
}
