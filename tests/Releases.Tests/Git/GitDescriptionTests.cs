using System.Diagnostics;
using Xunit;

namespace Releases.Tests.Git;

public sealed class GitDescriptionTests : IDisposable
{
    private readonly TestRepository _git = new();

    [Fact]
    public void A_clean_working_tree_is_described_by_its_commit()
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("this is my commit message\n\nand more of it");
        Assert.Equal(new(commit, $"build {commit[..10]} this is my commit message"), GitDescription.Of(_git.Folder));
    }

    [Fact]
    public void A_subfolder_is_part_of_its_repository()
    {
        _git.Write("src/Web/a.txt", "a");
        var commit = _git.Commit("one");
        Assert.Equal($"build {commit[..10]} one", GitDescription.Of(Path.Combine(_git.Folder, "src", "Web")).Description);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("deleted")]
    [InlineData("staged")]
    [InlineData("added")]
    public void A_change_to_a_tracked_file_anywhere_in_the_repository_is_told(string how)
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        if (how == "deleted") File.Delete(Path.Combine(_git.Folder, "a.txt"));
        else _git.Write(how == "added" ? "b.txt" : "a.txt", "changed and longer");
        if (how is "staged" or "added") _git.Git("add", "-A");
        Assert.Equal(new(commit, $"build {commit[..10]} with uncommitted changes"), GitDescription.Of(_git.Folder));
    }

    [Fact]
    public void Untracked_and_ignored_files_are_no_changes()
    {
        _git.Write(".gitignore", "bin/\n");
        var commit = _git.Commit("one");
        _git.Write("bin/out.dll", "x");
        _git.Write("notes.txt", "x");
        Assert.Equal($"build {commit[..10]} one", GitDescription.Of(_git.Folder).Description);
    }

    [Fact]
    public void Outside_git_there_is_nothing_to_say() =>
        Assert.Equal(new(null, ""), GitDescription.Of(Directory.CreateDirectory(_git.Beside("outside")).FullName));

    [Fact]
    public void Before_the_first_commit_there_is_nothing_to_say()
    {
        _git.Write("a.txt", "a");
        Assert.Equal(new(null, ""), GitDescription.Of(_git.Folder));
    }

    [Fact]
    public void A_description_that_was_given_wins_and_the_commit_stays()
    {
        var commit = _git.Commit("one");
        Assert.Equal(new(commit, "mine"), GitDescription.Of(_git.Folder, "mine"));
    }

    [Fact]
    public void A_detached_head_is_described_like_a_branch()
    {
        var first = _git.Commit("one");
        _git.Commit("two");
        _git.Git("checkout", "-q", first);
        Assert.Equal($"build {first[..10]} one", GitDescription.Of(_git.Folder).Description);
    }

    [Fact]
    public void A_worktree_is_described_by_its_own_commit_and_changes()
    {
        _git.Write("a.txt", "a");
        _git.Commit("one");
        var worktree = _git.Beside("worktree");
        _git.Git("worktree", "add", "-q", worktree, "-b", "other");
        _git.GitIn(worktree, "commit", "-q", "--allow-empty", "-m", "two");
        var commit = _git.GitIn(worktree, "rev-parse", "HEAD");
        Assert.Equal($"build {commit[..10]} two", GitDescription.Of(worktree).Description);
        File.WriteAllText(Path.Combine(worktree, "a.txt"), "changed and longer");
        Assert.Equal($"build {commit[..10]} with uncommitted changes", GitDescription.Of(worktree).Description);
        Assert.EndsWith(" one", GitDescription.Of(_git.Folder).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_submodule_counts_by_its_tracked_files()
    {
        using var library = new TestRepository();
        library.Write("a.txt", "a");
        var inner = library.Commit("library");
        _git.Git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.Folder, "library");
        var commit = _git.Commit("with a submodule");
        var submodule = Path.Combine(_git.Folder, "library");
        Assert.Equal($"build {inner[..10]} library", GitDescription.Of(submodule).Description);

        File.WriteAllText(Path.Combine(submodule, "untracked.txt"), "x");
        Assert.Equal($"build {commit[..10]} with a submodule", GitDescription.Of(_git.Folder).Description);
        File.WriteAllText(Path.Combine(submodule, "a.txt"), "changed and longer");
        Assert.Equal($"build {commit[..10]} with uncommitted changes", GitDescription.Of(_git.Folder).Description);
    }

    [Fact]
    public void A_bare_repository_has_no_working_tree_to_describe()
    {
        _git.Commit("one");
        var bare = _git.Beside("bare.git");
        _git.Git("clone", "-q", "--bare", _git.Folder, bare);
        Assert.Equal(new(null, ""), GitDescription.Of(bare));
    }

    [Fact]
    public void A_repository_of_another_user_is_read_all_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can give a folder to another user.");
        var commit = _git.Commit("one");
        using var chown = Process.Start("chown", ["-R", "65534", _git.Folder]);
        chown.WaitForExit();
        Assert.Equal($"build {commit[..10]} one", GitDescription.Of(_git.Folder).Description);
    }

    [Fact]
    public void A_damaged_repository_is_told_unless_a_description_was_given()
    {
        var commit = _git.Commit("one");
        var path = Path.Combine(_git.Folder, ".git", "objects", commit[..2], commit[2..]);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, "not an object");
        var problem = Assert.Throws<ProblemException>(() => GitDescription.Of(_git.Folder));
        Assert.True(problem.Is(ProblemCode.Git));
        Assert.Contains(_git.Folder, problem.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(new(null, "mine"), GitDescription.Of(_git.Folder, "mine"));
    }

    /// <summary>As in a container that a worktree or a submodule was copied into.</summary>
    [Fact]
    public void A_worktree_whose_repository_is_not_here_is_no_repository()
    {
        var folder = Directory.CreateDirectory(_git.Beside("lost")).FullName;
        File.WriteAllText(Path.Combine(folder, ".git"), "gitdir: /nowhere/at/all\n");
        Assert.Equal(new(null, ""), GitDescription.Of(folder));
    }

    public void Dispose() => _git.Dispose();
}
