using Releases.Local;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Two publishes of one project.</summary>
public sealed partial class BuildTests
{
    [Fact]
    public async Task Waits_for_another_publish_of_its_project_says_so_and_lets_none_begin_before_its_release_is_made()
    {
        TwoServices();
        Sdk.LocksIn = Path.Combine(Folder, "locks");
        var file = Path.Combine(Sdk.LocksIn, "Front.lock");
        var other = PublishLock.TryTake([file])!;
        Sdk.WhilePublishing = () =>
        {
            Assert.Null(PublishLock.TryTake([file]));
            return Task.CompletedTask;
        };
        var building = Begin(_ => { }, Ending, "build");
        var isReleased = false;
        await Time.PassesUntil(building, async () =>
        {
            if (isReleased) return;
            while (!Talk.Contains("Waiting: another publish of these projects is running\n", StringComparison.Ordinal))
            {
                Ending.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            Assert.Empty(Sdk.Published);
            isReleased = true;
            other.Dispose();
        });
        Assert.Equal(0, await building);
        Assert.NotEmpty(Sdk.Published);
        using var next = PublishLock.TryTake([file]);
        Assert.NotNull(next);
    }
}
