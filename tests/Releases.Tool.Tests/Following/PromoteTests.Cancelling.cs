using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class PromoteTests
{
    [Fact]
    public async Task Cancel_asks_follows_and_is_done_when_everything_is_back()
    {
        await TwoReleases();
        Assert.Equal(1, await Type("cancel"));
        Assert.Contains("nothing to cancel", Talk, StringComparison.Ordinal);

        await Type("promote", "--detach");
        _driver.Web(ServiceStatus.RollingBack).Ends(PromotionStatus.Cancelled, "cancelled by somebody@box.");
        Assert.Equal(0, await Type("cancel"));
        Assert.Equal("v2 (ROCHMCOUESG) wasn't promoted (cancelled). v1 (RIHVPQXQWSR) is still live.\n", Data);
        Assert.Contains(await Rack.Store.ListEvents(A.App, 10, Ending),
            e => e.Kind == EventKind.PromotionCancelRequested && e.By == A.Person);

        // Before anything was touched, nobody looked at what is live.
        await Type("promote", "--detach");
        _driver.Ends(PromotionStatus.Cancelled, "cancelled by somebody@box.", p => p with { Services = [] });
        Assert.Equal(0, await Type("cancel"));
        Assert.Equal("v2 (ROCHMCOUESG) wasn't promoted (cancelled). Nothing changed: v1 (RIHVPQXQWSR) is still active.\n", Data);

        await Type("promote", "--detach");
        _driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(1, await Type("cancel"));
        Assert.Contains("it was too late to cancel: v2 (ROCHMCOUESG) is active.", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_that_cannot_finish_is_ended_by_force()
    {
        await TwoReleases();
        await Type("promote", "--detach");
        Assert.Equal(1, await Type("cancel", "--force"));
        Assert.Contains("v2 (ROCHMCOUESG) isn't being rolled back, so there is no rollback to end.", Talk, StringComparison.Ordinal);

        var until = new DateTimeOffset(2026, 11, 23, 14, 5, 0, TimeSpan.Zero);
        _driver.Then(p => p with { Status = PromotionStatus.RollingBack, RollbackDeadline = until });
        await _driver.Step();
        _driver.Web(ServiceStatus.RollingBack).Ends(PromotionStatus.Failed, "it did not start.");
        Assert.Equal(0, await Type("cancel"));
        Assert.Contains("v2 (ROCHMCOUESG) is already being rolled back, until 14:05 UTC at the latest.", Talk, StringComparison.Ordinal);
        Assert.Contains("If the rollback can't finish, end it: dotnet convox cancel --force", Talk, StringComparison.Ordinal);

        await Type("promote", "--detach");
        _driver.Then(p => p with { Status = PromotionStatus.RollingBack, RollbackDeadline = until });
        await _driver.Step();
        Assert.Equal(5, await Type("promote"));
        Assert.Contains("If it can't finish, end it: dotnet convox cancel --force", Talk, StringComparison.Ordinal);
        _driver.Web(ServiceStatus.Stuck, reason: "no database").Ends(PromotionStatus.Stuck, "it did not start.");
        Assert.Equal(4, await Type("cancel", "--force"));
        Assert.Contains("Ending the rollback of v2 (ROCHMCOUESG).", Talk, StringComparison.Ordinal);
        Assert.Contains("didn't finish for: web (no database).", Talk, StringComparison.Ordinal);
    }
}
