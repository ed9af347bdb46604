using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

/// <summary>What a preview says that a local rack would refuse.</summary>
public sealed class LimitChecksTests
{
    [Theory]
    [InlineData("", true, null)]
    [InlineData("singleton: true", false, null)]
    [InlineData("singleton: true", true, "web can't be held: with singleton, old processes end to start the new ones.")]
    [InlineData("scale: 2, deployment: { maximum: 150 }", true, "web can't be held: with a maximum of 150, old processes end to start the new ones.")]
    [InlineData("scale: 0, singleton: true", true, null)]
    [InlineData("scale: 1, deployment: { minimum: 60, maximum: 150 }", false,
        "web can't be replaced: with 1 process, deployment.minimum 60 and maximum 150 leave no room to start or stop one.")]
    public async Task Limits_that_leave_no_room_are_named(string keys, bool holds, string? expected)
    {
        using var home = new TemporaryHome();
        await using var rack = LocalRack.Open(home.Home, "local", TimeProvider.System);
        var release = await rack.Store.Release(cancel: TestContext.Current.CancellationToken);
        var app = await rack.Store.RequireApp(release.App, TestContext.Current.CancellationToken);
        var service = ManifestReader.Read($"services: {{ web: {{ {keys} }} }}", "convox.yml").Require().Services[0];
        var spec = new ServiceSpec(service, release.Services[A.Web], service.Scale.Count, new Dictionary<string, string>());
        var rollout = new Rollout(app, release, PromotionId.New(), [spec])
        {
            Terms = new() { HoldFor = holds ? TimeSpan.FromHours(1) : null },
        };

        Assert.Equal(expected is null ? [] : [expected], rack.CheckRollout(rollout).Select(p => p.Message));
    }
}
