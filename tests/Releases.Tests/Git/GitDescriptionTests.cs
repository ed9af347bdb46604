using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Git;

public sealed class GitDescriptionTests : IDisposable
{
    private readonly TestRepository _git = new();

    [Fact]
    public async Task A_clean_working_tree_is_described_by_its_commit()
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("this is my commit message\n\nand more of it");
        Assert.Equal(new(commit, $"build {commit[..10]} this is my commit message"), await Describe(_git.Folder));
    }

    [Fact]
    public async Task A_subfolder_is_part_of_its_repository()
    {
        _git.Write("src/Web/a.txt", "a");
        var commit = _git.Commit("one");
        Assert.Equal($"build {commit[..10]} one", (await Describe(Path.Combine(_git.Folder, "src", "Web"))).Description);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("deleted")]
    [InlineData("staged")]
    [InlineData("added")]
    public async Task A_change_to_a_tracked_file_anywhere_in_the_repository_is_told(string how)
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        if (how == "deleted") File.Delete(Path.Combine(_git.Folder, "a.txt"));
        else _git.Write(how == "added" ? "b.txt" : "a.txt", "changed and longer");
        if (how is "staged" or "added") _git.Git("add", "-A");
        Assert.Equal(new(commit, $"build {commit[..10]} with uncommitted changes"), await Describe(_git.Folder));
    }

    [Fact]
    public async Task Untracked_and_ignored_files_are_no_changes()
    {
        _git.Write(".gitignore", "bin/\n");
        var commit = _git.Commit("one");
        _git.Write("bin/out.dll", "x");
        _git.Write("notes.txt", "x");
        Assert.Equal($"build {commit[..10]} one", (await Describe(_git.Folder)).Description);
    }

    [Fact]
    public async Task Outside_git_there_is_nothing_to_say() =>
        Assert.Equal(new(null, ""), await Describe(Directory.CreateDirectory(_git.Beside("outside")).FullName));

    [Fact]
    public async Task Before_the_first_commit_there_is_nothing_to_say()
    {
        _git.Write("a.txt", "a");
        Assert.Equal(new(null, ""), await Describe(_git.Folder));
    }

    [Fact]
    public async Task A_description_that_was_given_wins_and_the_commit_stays()
    {
        var commit = _git.Commit("one");
        Assert.Equal(new(commit, "mine"), await Describe(_git.Folder, "mine"));
    }

    [Fact]
    public async Task A_detached_head_is_described_like_a_branch()
    {
        var first = _git.Commit("one");
        _git.Commit("two");
        _git.Git("checkout", "-q", first);
        Assert.Equal($"build {first[..10]} one", (await Describe(_git.Folder)).Description);
    }

    [Fact]
    public async Task A_worktree_is_described_by_its_own_commit_and_changes()
    {
        _git.Write("a.txt", "a");
        _git.Commit("one");
        var worktree = _git.Beside("worktree");
        _git.Git("worktree", "add", "-q", worktree, "-b", "other");
        _git.GitIn(worktree, "commit", "-q", "--allow-empty", "-m", "two");
        var commit = _git.GitIn(worktree, "rev-parse", "HEAD");
        Assert.Equal($"build {commit[..10]} two", (await Describe(worktree)).Description);
        File.WriteAllText(Path.Combine(worktree, "a.txt"), "changed and longer");
        Assert.Equal($"build {commit[..10]} with uncommitted changes", (await Describe(worktree)).Description);
        Assert.EndsWith(" one", (await Describe(_git.Folder)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submodule_counts_by_its_tracked_files()
    {
        using var library = new TestRepository();
        library.Write("a.txt", "a");
        var inner = library.Commit("library");
        _git.Git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.Folder, "library");
        var commit = _git.Commit("with a submodule");
        var submodule = Path.Combine(_git.Folder, "library");
        Assert.Equal($"build {inner[..10]} library", (await Describe(submodule)).Description);

        File.WriteAllText(Path.Combine(submodule, "untracked.txt"), "x");
        Assert.Equal($"build {commit[..10]} with a submodule", (await Describe(_git.Folder)).Description);
        File.WriteAllText(Path.Combine(submodule, "a.txt"), "changed and longer");
        Assert.Equal($"build {commit[..10]} with uncommitted changes", (await Describe(_git.Folder)).Description);
    }

    [Fact]
    public async Task A_bare_repository_has_no_working_tree_to_describe()
    {
        _git.Commit("one");
        var bare = _git.Beside("bare.git");
        _git.Git("clone", "-q", "--bare", _git.Folder, bare);
        Assert.Equal(new(null, ""), await Describe(bare));
    }

    [Fact]
    public async Task A_repository_of_another_user_is_read_all_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can give a folder to another user.");
        var commit = _git.Commit("one");
        using var chown = Process.Start("chown", ["-R", "65534", _git.Folder]);
        chown.WaitForExit();
        Assert.Equal($"build {commit[..10]} one", (await Describe(_git.Folder)).Description);
    }

    [Fact]
    public async Task Of_a_damaged_repository_the_commit_is_recorded_and_the_rest_is_a_warning()
    {
        var commit = _git.Commit("one");
        var path = Path.Combine(_git.Folder, ".git", "objects", commit[..2], commit[2..]);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, "not an object");
        foreach (var read in new[] { WithGit, WithoutGit })
        {
            var described = await read(_git.Folder, null);
            Assert.Equal((commit, $"build {commit[..10]}"), (described.Commit, described.Description));
            Assert.Equal(ProblemCode.Git, described.Warning!.Code);
            Assert.Contains(_git.Folder, described.Warning.Message, StringComparison.Ordinal);
            Assert.Equal(new(commit, "mine"), await read(_git.Folder, "mine"));
        }
    }

    /// <summary>As in a container that a worktree or a submodule was copied into.</summary>
    [Fact]
    public async Task A_worktree_whose_repository_is_not_here_is_a_warning()
    {
        var folder = Directory.CreateDirectory(_git.Beside("lost")).FullName;
        File.WriteAllText(Path.Combine(folder, ".git"), "gitdir: /nowhere/at/all\n");
        var described = await Describe(folder);
        Assert.Equal((null, ""), (described.Commit, described.Description));
        Assert.Contains("/nowhere/at/all, which is not here", described.Warning!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_that_does_not_answer_holds_up_nothing_beyond_its_limit()
    {
        _git.Write(".gitattributes", "*.txt filter=slow\n");
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        var begun = _git.Beside("begun");
        _git.Git("config", "filter.slow.clean", $"echo > '{begun}'; cat > /dev/null; sleep 1000");
        File.SetLastWriteTimeUtc(Path.Combine(_git.Folder, "a.txt"), DateTime.UnixEpoch);
        var time = new FakeTimeProvider();
        var reading = GitDescription.Read(_git.Folder, null, time, TestContext.Current.CancellationToken);
        await Patience.Until(() => File.Exists(begun));
        time.Advance(GitCommand.Timeout);
        var described = await reading;
        Assert.Equal((commit, $"build {commit[..10]} one"), (described.Commit, described.Description));
        Assert.Contains("whether there are uncommitted changes", described.Warning!.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _git.Dispose();

    /// <summary>Both ways to read an ordinary repository say the same.</summary>
    private static async Task<GitDescription> Describe(string folder, string? given = null)
    {
        var described = await WithGit(folder, given);
        Assert.Equal(described, await WithoutGit(folder, given));
        return described;
    }

    private static Task<GitDescription> WithGit(string folder, string? given) =>
        GitDescription.Read(folder, given, TimeProvider.System, TestContext.Current.CancellationToken);

    private static Task<GitDescription> WithoutGit(string folder, string? given) =>
        GitDescription.Read(folder, given, TimeProvider.System, _ => null, TestContext.Current.CancellationToken);
}
