using Releases.Local.Tests.Engine;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Health;

/// <summary>Why a process isn't healthy, as <c>services</c> shows it while it runs.</summary>
public sealed class MaskedReasonTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_no_secret_of_the_environment_that_is_in_the_path_of_the_check()
    {
        await using var world = await LocalEngineWorld.Make();
        var release = await world.Release(
            "  web:\n    port: 8080\n    health: /no/such/page?key=correct-horse-battery\n", [], "web");
        var web = release.Services[0] with { Redactor = new([new("HEALTH_KEY", "correct-horse-battery")]) };
        var service = new ServiceRollout(release, web, new MemoryJournal());
        await world.Engine.Start(service, Cancel);

        var reason = "";
        await Patience.Until(async () =>
            (reason = (await world.Engine.Observe([service], Cancel))[service.Name].Reason ?? "").Contains("GET", StringComparison.Ordinal));

        Assert.Equal("answered 404 to GET /no/such/page?key=****", reason);
        Assert.DoesNotContain(world.Services, s => s.Problem?.Contains("horse", StringComparison.Ordinal) == true);
    }
}
