using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>What a service's own port answers while its first processes start, as after every start of the rack.</summary>
public sealed class BeforeTheFirstProcessIsReady
{
    [Fact]
    public async Task A_service_is_said_to_be_not_ready_and_not_to_be_unknown()
    {
        await using var world = await LocalEngineWorld.Make();
        var rollout = await world.Release(RolloutOutcome.NeverHealthy, "web");
        await world.Die(rollout);

        using var answer = await world.Get("web");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("No process of web of hello is ready. List processes: dotnet convox ps --app hello\n",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
