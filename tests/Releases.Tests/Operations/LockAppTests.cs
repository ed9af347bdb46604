using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>Who locks or unlocks an app changes the lock that was seen, and no other that was set since.</summary>
public sealed class LockAppTests : OperationScenario
{
    private LockApp Locking => new(Context);

    [Fact]
    public async Task A_lock_that_was_set_since_the_app_was_read_is_the_one_that_is_replaced()
    {
        await Rack.Store.Release(cancel: Cancel);
        var read = await App();
        await Locking.Lock(read, "first", Cancel);
        Assert.Equal("first", (await Locking.Lock(read, "second", Cancel))!.Reason);
        Assert.Equal("second", (await App()).Hold!.Reason);
    }

    [Fact]
    public async Task What_locks_an_app_without_a_lock_replaces_none()
    {
        await Rack.Store.Release(cancel: Cancel);
        var read = await App();
        await Locking.LockWithoutReplacing(read, "first", Cancel);
        var problem = await Refused(() => Locking.LockWithoutReplacing(read, "second", Cancel));
        Assert.Equal(ProblemCode.ChangedMeanwhile, problem.Code);
        Assert.EndsWith("just now: \"first\".", problem.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await App()).Hold!.Reason);
    }

    [Fact]
    public async Task What_unlocks_an_app_removes_no_lock_that_was_set_since_it_was_read()
    {
        await Rack.Store.Release(cancel: Cancel);
        await Locking.Lock(await App(), "first", Cancel);
        var read = await App();
        await Locking.Lock(read, "second", Cancel);
        Assert.Equal(ProblemCode.ChangedMeanwhile, (await Refused(() => Locking.Unlock(read, Cancel))).Code);
        Assert.Equal("second", (await App()).Hold!.Reason);
        Assert.Equal("second", (await Locking.Unlock(await App(), Cancel))!.Reason);
        Assert.Null((await Locking.Unlock(await App(), Cancel)));
    }
}
