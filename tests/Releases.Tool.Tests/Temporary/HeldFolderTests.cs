using System.Diagnostics;
using Releases.Local;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class HeldFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("convox-held-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Is_gone_when_it_is_disposed_and_swept_once_nobody_holds_it()
    {
        string left;
        using (var held = HeldFolder.Make([_parent], HeldFolder.Edit))
        {
            HeldFolder.Sweep([_parent], HeldFolder.Edit, TimeProvider.System);
            Assert.True(Directory.Exists(held.Path));
            left = Copied(held.Path);
        }

        Assert.Equal([left], Directory.GetDirectories(_parent));
        HeldFolder.Sweep([Path.Combine(_parent, "nowhere"), _parent], HeldFolder.Build, TimeProvider.System);
        Assert.True(Directory.Exists(left));
        HeldFolder.Sweep([Path.Combine(_parent, "nowhere"), _parent], HeldFolder.Edit, TimeProvider.System);
        Assert.Empty(Directory.GetDirectories(_parent));
    }

    [Fact]
    public async Task Is_there_as_long_as_it_is_held_however_many_sweep_while_it_is_made()
    {
        using var done = new CancellationTokenSource();
        var sweepers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested) HeldFolder.Sweep([_parent], HeldFolder.Edit, TimeProvider.System);
        })).ToList();
        for (var made = 0; made < 500; made++)
        {
            using var held = HeldFolder.Make([_parent], HeldFolder.Edit);
            await File.WriteAllTextAsync(Path.Combine(held.Path, "text"), "", TestContext.Current.CancellationToken);
        }

        await done.CancelAsync();
        await Task.WhenAll(sweepers);
    }

    [Theory]
    [InlineData("nowhere", "doesn't exist")]
    [InlineData("file", "doesn't exist")]
    public void That_has_no_place_is_a_problem_which_names_it(string parent, string why)
    {
        File.WriteAllText(Path.Combine(_parent, "file"), "");
        var place = Path.Combine(_parent, parent);
        var problem = Assert.Throws<ProblemException>(() => HeldFolder.Make([place], HeldFolder.Build)).Problems[0];
        Assert.Equal(ProblemCode.TemporaryFolder, problem.Code);
        Assert.Contains($"{place}, {why}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_is_there_again_without_a_lock_is_swept_once_nobody_can_be_making_it()
    {
        var left = Directory.CreateDirectory(Path.Combine(_parent, HeldFolder.Build + "left")).FullName;
        HeldFolder.Sweep([_parent], HeldFolder.Build, TimeProvider.System);
        Assert.True(Directory.Exists(left));
        Directory.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(11));
        HeldFolder.Sweep([_parent], HeldFolder.Build, TimeProvider.System);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void Is_made_where_this_user_can()
    {
        var taken = Path.Combine(_parent, "a file, so nothing can be made in it");
        File.WriteAllText(taken, "");
        using var held = HeldFolder.Make([taken, Path.Combine(_parent, "nowhere"), _parent], HeldFolder.Edit);
        Assert.Equal(_parent, Path.GetDirectoryName(held.Path));
    }

    [Fact]
    public void Of_another_user_is_left_alone()
    {
        var left = Copied(null);
        Assert.True(FolderOwner.IsThisUser(left));
        Process.Start("chown", ["1", left]).WaitForExit();
        // Only root can give a folder away; whoever is not root finds the root folder to be another's.
        Assert.False(FolderOwner.IsThisUser(Environment.IsPrivilegedProcess ? left : "/"));
        HeldFolder.Sweep([_parent], HeldFolder.Edit, TimeProvider.System);
        Assert.Equal(!Environment.IsPrivilegedProcess, Directory.GetDirectories(_parent).Length == 0);
    }

    /// <summary>What a program that was killed leaves.</summary>
    private string Copied(string? from)
    {
        var left = Directory.CreateDirectory(Path.Combine(_parent, HeldFolder.Edit + "left")).FullName;
        File.Copy(from is null ? typeof(HeldFolderTests).Assembly.Location : Path.Combine(from, ".lock"), Path.Combine(left, ".lock"));
        return left;
    }
}
