using System.Text;
using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

[Collection("racks")]
public sealed class A_promotion_that_goes_well : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n    termination:\n      grace: 1\n";

    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Is_waited_for_while_a_service_takes_20_seconds_to_become_healthy()
    {
        await _rack.Publish(Web, "web");
        var release = await _rack.Set("HEALTHY_AFTER=20");
        await _rack.Do("promote");
        Assert.Equal(release, await _rack.Active());
        Assert.StartsWith(release.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_a_worker_without_port_once_it_has_lived_long_enough()
    {
        await _rack.Publish("services:\n  worker: {}\n", "worker");
        await _rack.Set("NEVER_LISTEN=1");
        await _rack.Do("promote");
        Assert.Single(await _rack.Processes("worker"));
        var step = (await _rack.LastPromotion()).Services.Single().Timeline;
        var lived = step.First(s => s.Status is ServiceStatus.Healthy or ServiceStatus.Draining or ServiceStatus.Complete).At
            - step.First(s => s.Status == ServiceStatus.Starting).At;
        // The five seconds pass by the monotonic clock and are written down by the other one.
        Assert.True(lived >= TimeSpan.FromSeconds(4.9), $"healthy after {lived}");
    }

    [Fact]
    public async Task Ends_old_processes_that_hang_on_SIGTERM_after_their_grace()
    {
        await _rack.Publish(Web, "web");
        await _rack.Set("HANG_ON_SIGTERM=1");
        await _rack.Do("promote");
        var old = await _rack.Processes("web");
        await _rack.Set("GREETING=next");
        await _rack.Do("promote");
        Assert.Empty(_rack.LivingProcesses().Intersect(old));
        Assert.EndsWith(" next", await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_active_release_restarts_it()
    {
        var release = await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var before = await _rack.Processes("web");
        await _rack.Do("promote", release.Id.ToString());
        Assert.Empty((await _rack.Processes("web")).Intersect(before));
        Assert.Equal(release.Id, await _rack.Active());
    }

    [Fact]
    public async Task Can_be_rolled_back_twice_each_time_one_further_and_says_how_to_undo_it()
    {
        await _rack.Publish(Web, "web");
        foreach (var greeting in (string[])["one", "two", "three"])
        {
            await _rack.Set($"GREETING={greeting}");
            await _rack.Do("promote");
        }

        var active = await _rack.Active();
        var back = await _rack.Run("rollback");
        Assert.True(back.ExitCode == 0, back.All);
        Assert.Contains($"dotnet convox rollback {active}", back.Error, StringComparison.Ordinal);
        Assert.EndsWith(" two", await _rack.Get("/"), StringComparison.Ordinal);
        await _rack.Do("rollback");
        Assert.EndsWith(" one", await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_the_services_that_the_release_no_longer_has()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n  other:\n    port: 8080\n", "web", "other");
        await _rack.Do("promote");
        Assert.Single(await _rack.Processes("other"));
        await _rack.Publish("services:\n  web:\n    port: 8080\n", "web");
        await _rack.Do("promote");
        await _rack.Until(() => Task.FromResult(_rack.LivingProcesses().Count == 1), "the service that is gone has stopped");
    }

    [Fact]
    public async Task Gives_processes_their_declared_variables_and_nothing_of_the_shell()
    {
        _rack.Variables["FROM_THE_SHELL"] = "leaked";
        await _rack.Publish("environment:\n  - GREETING\nservices:\n  web:\n    port: 8080\n    environment:\n      - MODE=quiet\n", "web");
        var release = await _rack.Set("GREETING=hello", "NOT_DECLARED=x");
        await _rack.Do("promote");

        Assert.Equal("hello", await _rack.Get("/env/GREETING"));
        Assert.Equal("quiet", await _rack.Get("/env/MODE"));
        Assert.Equal(release.ToString(), await _rack.Get("/env/RELEASE"));
        Assert.Equal("hello", await _rack.Get("/env/APP"));
        Assert.Equal("web", await _rack.Get("/env/SERVICE"));
        Assert.Equal("local", await _rack.Get("/env/RACK"));
        Assert.Equal(Path.Combine(_rack.Home, "data", "hello", "web"), await _rack.Get("/env/CONVOX_DATA"));
        Assert.Equal("hello", await _rack.Get("/env/CONVOX_APP"));
        Assert.Equal(_rack.Home, await _rack.Get("/env/CONVOX_HOME"));
        foreach (var absent in (string[])["FROM_THE_SHELL", "NOT_DECLARED", "CONVOX_ACTOR"])
        {
            using var client = new HttpClient { BaseAddress = await _rack.Address("web") };
            using var answer = await client.GetAsync(new Uri($"/env/{absent}", UriKind.Relative));
            Assert.Equal(404, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Gives_each_service_the_build_of_its_own_artifact()
    {
        const string two = "services:\n  web:\n    port: 8080\n  other:\n    port: 8080\n";
        _rack.Builds = ("a test", "the first one");
        await _rack.Publish(two, "web");
        _rack.Builds = ("a test", "the second one");
        var release = await _rack.Publish(two, "other");
        await _rack.Do("promote");

        foreach (var (service, description) in (IEnumerable<(string, string)>)[("web", "the first one"), ("other", "the second one")])
        {
            Assert.Equal($"{release.Services[ServiceName.Parse(service)].Build}", await _rack.Get("/env/BUILD", service));
            Assert.Equal(description, await _rack.Get("/env/BUILD_DESCRIPTION", service));
        }
    }

    [Fact]
    public async Task And_a_rollback_and_the_end_of_the_app_leave_the_data_of_a_service()
    {
        await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var kept = Path.Combine(await _rack.Get("/env/CONVOX_DATA"), "kept");
        await File.WriteAllTextAsync(kept, "data");
        await _rack.Set("GREETING=next");
        await _rack.Do("promote");
        Assert.True(File.Exists(kept));
        await _rack.Do("rollback");
        Assert.True(File.Exists(kept));
        await _rack.Do("apps", "delete", "hello", "--yes");
        Assert.Equal("data", await File.ReadAllTextAsync(kept));
    }

    [Fact]
    public async Task Leaves_no_value_of_the_environment_in_plain_text_anywhere()
    {
        const string secret = "correct-horse-battery-staple";
        await _rack.Publish(Web, "web");
        await _rack.Set($"TOKEN={secret}");
        await _rack.Do("promote");
        await _rack.Set($"CRASH_AT_START={secret}");
        Assert.Equal(3, (await _rack.Run("promote")).ExitCode);

        foreach (var process in _rack.LivingProcesses())
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync($"/proc/{process}/cmdline"), StringComparison.Ordinal);
        // What a daemon writes for a moment could be gone before it is read.
        await _rack.Do("rack", "stop");
        // Not as a UTF-8 literal: the tool's copy in the home has this assembly with it.
        var bytes = Encoding.UTF8.GetBytes(secret);
        foreach (var file in Directory.EnumerateFiles(_rack.Home, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is not ("daemon.sock" or "daemon.lock")))
            Assert.False((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(bytes) >= 0, file);
    }

    [Fact]
    public async Task Refuses_when_another_release_is_active_than_expected()
    {
        var first = await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var second = await _rack.Set("GREETING=x");
        var refused = await _rack.Run("promote", "--expect-active", second.ToString());
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(first.Id, await _rack.Active());
    }

    [Fact]
    public async Task Is_told_as_data_to_programs()
    {
        await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var promotion = (await _rack.Json("promotions"))[0];
        Assert.Equal("succeeded", promotion.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, promotion.GetProperty("previous").ValueKind);
        var service = promotion.GetProperty("services")[0];
        Assert.Equal("complete", service.GetProperty("status").GetString());
        var steps = service.GetProperty("steps").EnumerateArray()
            .Select(s => (Status: s.GetProperty("status").GetString(), At: s.GetProperty("at").GetDateTimeOffset())).ToList();
        Assert.Equal("waiting starting", string.Join(' ', steps.Take(2).Select(s => s.Status)));
        Assert.Equal("complete", steps[^1].Status);
        Assert.Equal(steps.Select(s => s.At).Order(), steps.Select(s => s.At));
        Assert.True((await _rack.Json("ps"))[0].GetProperty("memoryBytes").GetInt64() > 10_000_000);
    }
}
