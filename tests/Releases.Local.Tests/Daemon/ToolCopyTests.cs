using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

public sealed class ToolCopyTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly DirectoryInfo _tools = Directory.CreateTempSubdirectory("tools-");

    public void Dispose()
    {
        _home.Dispose();
        _tools.Delete(recursive: true);
    }

    [Fact]
    public void A_copy_that_a_tool_of_another_version_starts_from_now_stays_and_one_of_long_ago_goes()
    {
        var (first, second, third) = (Copy("first"), Copy("second"), Copy("third"));
        Directory.SetLastWriteTimeUtc(first.Folder, DateTime.UtcNow.AddHours(-1));
        Directory.SetLastWriteTimeUtc(second.Folder, DateTime.UtcNow.AddHours(-1));
        Assert.Equal(second, Copy("second"));

        Of(third).BecomeLatest(Assert.Fail);

        Assert.Equal((false, true, true),
            (Directory.Exists(first.Folder), Directory.Exists(second.Folder), Directory.Exists(third.Folder)));
        Assert.Equal(third.Folder, Latest());
    }

    [Fact]
    public void The_link_to_the_latest_copy_is_replaced_also_where_a_killed_daemon_left_half_of_it()
    {
        var (first, second) = (Copy("first"), Copy("second"));
        Of(first).BecomeLatest(Assert.Fail);
        Directory.CreateSymbolicLink(Path.Combine(_home.Home.Tools, "latest.tmp"), first.Folder);

        Of(second).BecomeLatest(Assert.Fail);

        Assert.Equal(second.Folder, Latest());
        Assert.Equal(3, Directory.GetFileSystemEntries(_home.Home.Tools).Length);
    }

    [Fact]
    public void An_old_copy_that_cannot_be_removed_is_reported_and_keeps_no_daemon_from_starting()
    {
        using var disk = new SmallDisk(64);
        var (stays, goes, copy) = (Copy("stays"), Copy("goes"), Copy("tool"));
        var mounted = Directory.CreateDirectory(Path.Combine(stays.Folder, "mounted")).FullName;
        Assert.True(SmallDisk.Bind(disk.Path, mounted));
        foreach (var old in (ToolCommand[])[stays, goes]) Directory.SetLastWriteTimeUtc(old.Folder, DateTime.UtcNow.AddHours(-1));
        var reported = new List<string>();
        try
        {
            Of(copy).BecomeLatest(reported.Add);
        }
        finally
        {
            foreach (var left in Directory.GetDirectories(_home.Home.Tools, $"{Path.GetFileName(stays.Folder)}*"))
                SmallDisk.Unbind(Path.Combine(left, "mounted"));
        }

        Assert.Matches($@"^the old copy of the tool in {stays.Folder}\.\w+\.tmp can't be removed: ", Assert.Single(reported));
        Assert.DoesNotContain("folder", reported[0].Split(" can't be removed: ")[1], StringComparison.Ordinal);
        // The next copy of that version is a whole one.
        Assert.False(Directory.Exists(stays.Folder));
        Assert.False(Directory.Exists(goes.Folder));
        Assert.Equal(copy.Folder, Latest());
    }

    [Fact]
    public void A_copy_in_a_home_that_is_named_by_a_link_becomes_the_latest_and_removes_old_ones()
    {
        var link = Directory.CreateSymbolicLink(Path.Combine(_tools.FullName, "home"), _home.Home.Folder).FullName;
        var (old, copy) = (Copy("old"), Copy("tool"));
        Directory.SetLastWriteTimeUtc(old.Folder, DateTime.UtcNow.AddHours(-1));
        var named = new ToolCopy(new(link), copy, TimeProvider.System);

        named.BecomeLatest(Assert.Fail);

        Assert.Equal(Path.Combine(link, "tools", Path.GetFileName(copy.Folder)), Latest());
        Assert.True(named.Latest.Exists());
        Assert.False(Directory.Exists(old.Folder));
    }

    [Fact]
    public void What_dotnet_tool_install_puts_on_the_path_is_started_as_the_assembly_that_it_leads_to()
    {
        var store = _tools.CreateSubdirectory("store").FullName;
        File.WriteAllText(Path.Combine(store, "dotnet-convox.dll"), "");
        var shim = Path.Combine(_tools.FullName, "dotnet-convox");

        var tool = ToolCommand.From(shim, store).In("/copy");

        Assert.Equal(["/copy/dotnet-convox.dll"], tool.Arguments);
        Assert.Equal("dotnet", Path.GetFileName(tool.Program));
        Assert.Equal(new(shim, [], _tools.FullName), ToolCommand.From(shim, _tools.FullName));
    }

    [Fact]
    public void A_copy_for_which_there_is_no_room_says_so_and_leaves_nothing_that_takes_room()
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "home"));
        HomeFolder.Create(home);
        File.WriteAllBytes(Path.Combine(_tools.FullName, "dotnet-convox"), new byte[2 * 1024 * 1024]);
        var tool = new ToolCommand(Path.Combine(_tools.FullName, "dotnet-convox"), [], _tools.FullName);

        var refused = Assert.Throws<ProblemException>(() => new ToolCopy(home, tool, TimeProvider.System).Make());

        Assert.Equal(ProblemCode.DiskFull, Assert.Single(refused.Problems).Code);
        Assert.Empty(Directory.GetFileSystemEntries(home.Tools));
    }

    private string? Latest() => new DirectoryInfo(Path.Combine(_home.Home.Tools, "latest")).LinkTarget;

    /// <summary>The copy in the home of a tool that is no more than a program.</summary>
    private ToolCommand Copy(string name)
    {
        var folder = _tools.CreateSubdirectory(name).FullName;
        var program = Path.Combine(folder, "dotnet-convox");
        if (!File.Exists(program)) File.WriteAllText(program, name);
        return Of(new(program, [], folder)).Make();
    }

    private ToolCopy Of(ToolCommand tool) => new(_home.Home, tool, TimeProvider.System);
}
