using Microsoft.Extensions.Time.Testing;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>A process that only determines whether a home's lock is taken doesn't keep anyone from taking it.</summary>
public sealed class DaemonLockTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly FakeTimeProvider _time = new();

    public DaemonLockTests() => HomeFolder.Create(_home.Home);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_lock_that_is_shared_for_a_moment_is_taken_once_it_is_free()
    {
        var shared = FileLock.Share(_home.Home.DaemonLock);
        var taking = DaemonLock.Take(_home.Home, _time, Cancel);
        Assert.False(taking.IsCompleted);
        shared.Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        using var taken = await taking;
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task A_lock_that_another_one_has_is_refused_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says who holds a lock.");
        using var holder = await DaemonLock.Take(_home.Home, _time, Cancel);
        Assert.NotNull(holder);
        Assert.Null(await DaemonLock.Take(_home.Home, _time, Cancel));
    }
}
