using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Local.Tests;

public sealed class PublishLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-lock-").FullName;

    private string First => Path.Combine(_folder, "a", "obj", "lock");

    private string Second => Path.Combine(_folder, "b", "obj", "lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Is_had_by_one_publish_at_a_time()
    {
        using (var taken = PublishLock.TryTake([First])) Assert.Null(PublishLock.TryTake([First]));
        using var next = PublishLock.TryTake([First]);
        Assert.NotNull(next);
    }

    [Fact]
    public void Of_several_projects_is_taken_whole_or_not_at_all()
    {
        using var taken = PublishLock.TryTake([Second]);
        Assert.Null(PublishLock.TryTake([First, Second]));
        using var first = PublishLock.TryTake([First]);
        Assert.NotNull(first);
    }

    [Fact]
    public void Of_a_project_that_is_named_twice_is_taken_once()
    {
        using var taken = PublishLock.TryTake([First, First]);
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Is_waited_for()
    {
        var time = new FakeTimeProvider();
        var taken = PublishLock.TryTake([First])!;
        var waiting = PublishLock.Take([First], time, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        taken.Dispose();
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var next = await waiting;
        Assert.Null(PublishLock.TryTake([First]));
    }

    [Fact]
    public async Task Is_not_waited_for_without_end()
    {
        var time = new FakeTimeProvider();
        using var taken = PublishLock.TryTake([First]);
        var waiting = PublishLock.Take([First], time, TestContext.Current.CancellationToken);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => waiting);
        Assert.Equal(ProblemCode.BuildFailed, refused.Problems[0].Code);
    }

    [Fact]
    public void That_cannot_be_a_file_is_refused_with_the_reason()
    {
        Directory.CreateDirectory(First);
        var refused = Assert.Throws<ProblemException>(() => PublishLock.TryTake([First]));
        Assert.Contains("it is a folder", refused.Problems[0].Message, StringComparison.Ordinal);
    }
}
