using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PsTests : Typing
{
    [Fact]
    public async Task Processes_are_listed_with_how_long_they_run_and_their_memory_where_it_is_known()
    {
        var release = await Rack.Store.Release(with: r => r with { Id = ReleaseId.Parse("ROCHMCOUESG") }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs("web-1", ProcessStatus.Healthy, TimeSpan.FromSeconds(192), 44_564_480);
        Runs("web-2", ProcessStatus.Starting, TimeSpan.FromMilliseconds(400), 0);
        Runs("web-3", ProcessStatus.Unhealthy, TimeSpan.FromHours(51), null);

        Assert.Equal(0, await Type("ps"));
        Assert.Equal(
            """
            ID     SERVICE  STATUS     RELEASE      UPTIME  RESTARTS  MEMORY
            web-1  web      healthy    ROCHMCOUESG  3m 12s  2         43 MB
            web-2  web      starting   ROCHMCOUESG  0s      2         0 MB
            web-3  web      unhealthy  ROCHMCOUESG  2d 3h   2

            """, Data);
        Assert.Equal(0, await Type("ps", "--json"));
        Assert.Equal(44_564_480, JsonDocument.Parse(Data).RootElement[0].GetProperty("memoryBytes").GetInt64());

        void Runs(string id, ProcessStatus status, TimeSpan since, long? memory) =>
            Rack.NowRunning.ProcessList.Add(new(id, A.Web, release.Id, status, Time.GetUtcNow() - since, 2, 4711, memory));
    }
}
