using System.Diagnostics;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>Where commands don't send requests to: a socket that another user may have made.</summary>
public sealed class DaemonSocketTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_folder_that_is_the_users_alone_is_trusted_and_so_is_one_that_does_not_exist()
    {
        DaemonSocket.RequireTrusted(_home.Home);
        DaemonSocket.RequireTrusted(Path.Combine(_home.Home.Folder, "absent"));
        HomeFolder.CreatePrivate(Folder);
        DaemonSocket.RequireTrusted(Folder);
    }

    [Fact]
    public void A_folder_that_others_can_write_to_and_a_link_are_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        HomeFolder.CreatePrivate(Folder);
        var link = Path.Combine(_home.Home.Folder, "link");
        Directory.CreateSymbolicLink(link, Folder);
        Refuses(link);
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupWrite);
        Refuses(Folder);
    }

    [Fact]
    public void A_folder_of_another_user_is_refused_even_if_only_its_owner_can_write_to_it()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Assert.Skip("Only root can give a folder away.");
        HomeFolder.CreatePrivate(Folder);
        using (var chown = Process.Start("chown", ["65534", Folder])) chown.WaitForExit();
        Refuses(Folder);
    }

    private string Folder => Path.Combine(_home.Home.Folder, "runtime");

    private static void Refuses(string folder)
    {
        var problem = Assert.Throws<ProblemException>(() => DaemonSocket.RequireTrusted(folder)).Problems[0];
        Assert.Equal(ProblemCode.Daemon, problem.Code);
        Assert.Contains(folder, problem.Message, StringComparison.Ordinal);
    }
}
