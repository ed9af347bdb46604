using System.Globalization;
using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>
/// The crash matrix: a daemon ends itself, as kill -9 would, right before or right after each of its writes during a
/// promotion. The next command brings the app to exactly one consistent state. Each moment has a rack of its own.
/// </summary>
public abstract class CrashMatrix(StoppedRack stopped) : IClassFixture<StoppedRack>, IAsyncLifetime
{
    /// <summary>Every promotion here has these moments.</summary>
    private const int Certain = 10;

    private TestRack? _rack;

    private protected StoppedRack Stopped => stopped;

    private protected TestRack Rack => _rack!;

    public async ValueTask InitializeAsync() => _rack = await stopped.Copy();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _rack?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private protected static TheoryData<int> Through(int last) => [.. Enumerable.Range(1, last)];

    /// <summary>The daemon dies at this moment, or the promotion was over before it: how many moments there are varies by a few.</summary>
    private protected async Task IsConsistentAfter(int moment)
    {
        var died = await DiesAt(moment);
        Assert.True(died || moment > Certain, $"A promotion has only {moment - 1} moments.");
    }

    /// <summary>No promotion here has this moment, so none is missing before it.</summary>
    private protected async Task IsOverBefore(int moment) =>
        Assert.False(await DiesAt(moment), $"A promotion has a moment {moment}.");

    /// <summary>Promotes under a daemon that may die, and gives the release that is active afterwards.</summary>
    private protected abstract Task<ReleaseId> Promote(int daemon);

    private async Task<bool> DiesAt(int moment)
    {
        var armed = Rack.Start(new Dictionary<string, string?> { ["CONVOX_FAILPOINT"] = moment.ToString(CultureInfo.InvariantCulture) },
            "rack", "start");
        Assert.Equal(0, (await armed.Ended).ExitCode);
        var daemon = await Rack.DaemonProcess();
        var active = await Promote(daemon);
        var died = !TestRack.Lives(daemon);
        await IsConsistent(active);
        TestContext.Current.TestOutputHelper?.WriteLine(died ? "The daemon died." : "The promotion was over before this moment.");
        return died;
    }

    private async Task IsConsistent(ReleaseId release)
    {
        // The daemon may have died after the outcome was written: then this is the command that brings everything back.
        await Rack.Run("rack", "start");
        await Rack.Until(
            async () => (await Rack.Json("services")).EnumerateArray().All(s =>
                s.GetProperty("running").GetInt32() == 1 && s.GetProperty("status").GetString() == "running"
                && s.GetProperty("release").GetString() == release.ToString())
                && Rack.LivingProcesses().Count == 2,
            $"both services run {release} and nothing else is left");
        Assert.Equal(release, await Rack.Active());
        foreach (var service in (string[])["web", "api"])
            Assert.StartsWith(release.ToString(), await Rack.Get("/", service), StringComparison.Ordinal);
        await using var rack = Rack.Open();
        Assert.Null(await rack.Store.FindLock(TestRack.App));
    }
}
