using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

[Collection("racks")]
public sealed class Two_services_of_which_one_fails : IAsyncLifetime
{
    private const string Both =
        """
        services:
          web:
            port: 8080
          api:
            port: 8080
            environment:
              - CRASH_AT_START=
        """;

    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Both_stay_what_they_were_and_nobody_has_seen_the_new_one()
    {
        await _rack.Publish(Both.Replace("- CRASH_AT_START=", "- \"*\"", StringComparison.Ordinal), "web", "api");
        await _rack.Do("promote");
        var (active, web, api) = (await _rack.Active(), await _rack.Processes("web"), await _rack.Processes("api"));

        await _rack.Publish(Both.Replace("CRASH_AT_START=", "CRASH_AT_START=1", StringComparison.Ordinal), "web", "api");
        var run = await _rack.Run("promote");

        Assert.True(run.ExitCode == 3, run.All);
        Assert.Contains("api exited with code 3", run.Error, StringComparison.Ordinal);
        Assert.Equal(active, await _rack.Active());
        Assert.Equal(web, await _rack.Processes("web"));
        Assert.Equal(api, await _rack.Processes("api"));
        Assert.Equal(2, _rack.LivingProcesses().Count);
        Assert.All((await _rack.LastPromotion()).Services, s => Assert.Equal(ServiceStatus.RolledBack, s.Status));
    }

    [Fact]
    public async Task A_first_promotion_that_fails_leaves_nothing_running_and_nothing_active()
    {
        await _rack.Publish(Both.Replace("CRASH_AT_START=", "CRASH_AT_START=1", StringComparison.Ordinal), "web", "api");
        var run = await _rack.Run("promote");
        Assert.True(run.ExitCode == 3, run.All);
        Assert.Null(await _rack.Active());
        Assert.Empty(_rack.LivingProcesses());
        Assert.Empty((await _rack.Json("ps")).EnumerateArray());
    }
}
