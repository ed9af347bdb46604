using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Creating;

public sealed class BrokenStoreTests : IDisposable
{
    private readonly PublishedApp _app = new();

    [Fact]
    public async Task A_failure_that_cannot_be_written_down_does_not_hide_the_first()
    {
        var saves = 0;
        var rack = Rack((method, _, goOn) => method.Name switch
        {
            nameof(IReleaseStore.TryAddRelease) => Task.FromException<bool>(new IOException("the first cause")),
            nameof(IReleaseStore.SaveBuild) when ++saves > 1 => Task.FromException(new IOException("the second")),
            _ => goOn(),
        });
        var thrown = await Assert.ThrowsAsync<IOException>(() =>
            new CreateRelease(rack, TimeProvider.System).FromBuild(_app.Publish("Hello")));
        Assert.Equal("the first cause", thrown.Message);
        Assert.Contains("the second", thrown.Data.Values.Cast<string>());
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_does_not_turn_a_complete_build_into_a_failed_one()
    {
        var rack = Rack((method, _, goOn) => method.Name == nameof(IReleaseStore.TryAddRelease) ? LoseAnswer((Task<bool>)goOn()!) : goOn());
        await Assert.ThrowsAsync<IOException>(() => new CreateRelease(rack, TimeProvider.System).FromBuild(_app.Publish("Hello")));
        Assert.Equal(BuildStatus.Complete, Assert.Single(await _app.Rack.Store.ListBuilds(A.App, 10)).Status);

        static async Task<bool> LoseAnswer(Task<bool> write)
        {
            await write;
            throw new IOException("the connection is gone");
        }
    }

    [Fact]
    public async Task A_cancelled_publish_leaves_a_failed_build()
    {
        using var cancel = new CancellationTokenSource();
        var rack = Rack((_, _, goOn) =>
        {
            cancel.Cancel();
            return Task.FromCanceled<bool>(cancel.Token);
        }, only: nameof(IReleaseStore.TryAddRelease));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new CreateRelease(rack, TimeProvider.System).FromBuild(_app.Publish("Hello"), cancel.Token));
        var build = Assert.Single(await _app.Rack.Store.ListBuilds(A.App, 10));
        Assert.Equal((BuildStatus.Failed, "It was cancelled."), (build.Status, build.Reason));
    }

    [Fact]
    public async Task Who_is_never_first_gives_up_after_30_seconds_and_says_so()
    {
        await _app.Rack.Store.App();
        var time = new FakeTimeProvider();
        var attempts = 0;
        var rack = Rack((_, _, _) =>
        {
            attempts++;
            return Task.FromResult(false);
        }, only: nameof(IReleaseStore.TryAddRelease));
        var change = new EnvironmentRelease(rack, time).Create(new(A.App, new([new("A", "1")], []), null, A.Person));
        while (!change.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        var problem = await Assert.ThrowsAsync<ProblemException>(() => change);
        Assert.True(problem.Is(ProblemCode.StoreBusy));
        Assert.InRange(attempts, 2, 61);
    }

    private RackOf Rack(Func<MethodInfo, object?[], Func<object?>, object?> interfere, string? only = null) => new(
        _app.Rack, InterferedStore.Of(_app.Rack.Records, (m, a, goOn) => only is null || m.Name == only ? interfere(m, a, goOn) : goOn()));

    public void Dispose() => _app.Dispose();
}
