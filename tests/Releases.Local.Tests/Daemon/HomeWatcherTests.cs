using Microsoft.Extensions.Time.Testing;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Daemon;

public sealed class HomeWatcherTests : IDisposable
{
    private readonly TemporaryHome _real = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("watched-");
    private readonly FakeTimeProvider _time = new();
    private readonly HomeWatcher _watch;
    private int _lost;

    public HomeWatcherTests()
    {
        HomeFolder.Create(_real.Home);
        Directory.CreateSymbolicLink(Link, _real.Home.Folder);
        var home = new LocalHome(Link);
        File.WriteAllText(home.DaemonLock, "");
        _watch = new(home, _time);
        _watch.Start(() => _lost++, Assert.Fail);
    }

    private string Link => Path.Combine(_folder.FullName, "home");

    public void Dispose()
    {
        _watch.Dispose();
        _folder.Delete(recursive: true);
        _real.Dispose();
    }

    [Fact]
    public void A_home_that_cannot_be_reached_for_a_while_is_not_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        // As where a folder above it is closed to this user, which root can't be, the system answers with an error of its own.
        File.Delete(Link);
        Directory.CreateSymbolicLink(Link, Link);
        Look(times: 5);
        Assert.False(_watch.IsMine());
        Assert.False(_watch.IsLost);

        File.Delete(Link);
        Directory.CreateSymbolicLink(Link, _real.Home.Folder);
        Look(times: 2);
        Assert.True(_watch.IsMine());
        Assert.Equal(0, _lost);
    }

    [Fact]
    public void A_home_is_lost_once_it_was_gone_twice_in_a_row()
    {
        File.Delete(Link);
        Look(times: 1);
        Directory.CreateSymbolicLink(Link, _real.Home.Folder);
        Look(times: 1);
        Assert.False(_watch.IsLost);

        File.Delete(Link);
        Look(times: 3);
        Assert.True(_watch.IsLost);
        Assert.Equal(1, _lost);
    }

    [Fact]
    public void Another_home_in_its_place_means_that_it_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        File.Delete(Link);
        Directory.CreateDirectory(Link);
        File.WriteAllText(new LocalHome(Link).DaemonLock, "");
        Look(times: 2);
        Assert.Equal(1, _lost);
    }

    private void Look(int times)
    {
        for (; times > 0; times--) _time.Advance(TimeSpan.FromSeconds(3));
    }
}
