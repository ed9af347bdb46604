using Releases.Testing;
using Xunit;

namespace Releases.Tests.Git;

/// <summary>Held against git itself: no repository stops a release, and changes are only claimed where <c>git status</c> has
/// them.</summary>
public sealed class OddRepositoryTests : IDisposable
{
    private readonly TestRepository _git = new();

    [Theory]
    [MemberData(nameof(OddRepositories.Names), MemberType = typeof(OddRepositories))]
    public Task Is_described_as_git_status_has_it(string name) => Holds(name, change: false);

    [Theory]
    [MemberData(nameof(OddRepositories.Names), MemberType = typeof(OddRepositories))]
    public Task With_a_change_is_described_as_git_status_has_it(string name) => Holds(name, change: true);

    [Fact]
    public async Task A_repository_with_longer_hashes_has_its_commit_recorded()
    {
        var folder = _git.Beside("longer");
        _git.GitIn(_git.Beside(""), "init", "-q", "--object-format=sha256", folder);
        File.WriteAllText(Path.Combine(folder, "a.txt"), "a");
        _git.GitIn(folder, "add", "-A");
        _git.GitIn(folder, "commit", "-q", "-m", "one");
        var commit = _git.GitIn(folder, "rev-parse", "HEAD");
        Assert.Equal(64, commit.Length);
        Assert.Equal(new(commit, $"build {commit[..10]} one"), await Describe(folder, installed: true));
        var described = await Describe(folder, installed: false);
        Assert.Equal((commit, $"build {commit[..10]}"), (described.Commit, described.Description));
        Assert.NotNull(described.Warning);
    }

    [Theory]
    [InlineData("index", "not an index", true)]
    [InlineData("HEAD", "garbage", false)]
    [InlineData("HEAD", "", false)]
    [InlineData("HEAD", "ref: ../../etc/passwd", false)]
    [InlineData("HEAD", "ref: HEAD", false)]
    [InlineData("refs/heads/main", "garbage", false)]
    [InlineData("refs/heads/main", "", false)]
    [InlineData("refs/heads/main", "ref: refs/heads/main", false)]
    [InlineData("refs/heads/main", "0123456789012345678901234567890123456789", true)]
    [InlineData("config", "[core\n", true)]
    [InlineData("config", "[core]\nrepositoryformatversion = 9\n", true)]
    [InlineData("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nfromTheFuture = true\n", true)]
    public async Task What_is_damaged_is_a_warning_and_the_rest_is_recorded(string file, string text, bool known)
    {
        _git.Write("a.txt", "a");
        _git.Commit("one");
        _git.Write(Path.Combine(".git", file), text);
        var commit = file == "refs/heads/main" ? text : known ? HeadOf() : "";
        foreach (var installed in new[] { true, false })
        {
            var described = await Describe(_git.Folder, installed);
            Assert.Equal(known ? commit : null, described.Commit);
            Assert.DoesNotContain("uncommitted", described.Description, StringComparison.Ordinal);
            Assert.StartsWith(known ? $"build {commit[..10]}" : "", described.Description, StringComparison.Ordinal);
            Assert.DoesNotContain(described.Warning!.Sentence, char.IsControl);
        }
    }

    [Fact]
    public async Task An_app_that_the_surrounding_repository_ignores_is_not_described_by_it_nor_named_after_it()
    {
        _git.Write(".gitignore", "*\n!.gitignore\n");
        _git.Commit("my settings");
        var app = Directory.CreateDirectory(Path.Combine(_git.Folder, "code", "Shop")).FullName;
        foreach (var installed in new[] { true, false })
        {
            Assert.Equal(new(null, ""), await Describe(app, installed));
            Assert.Equal("shop", AppSettings.Resolve(app, null, null, Variable(installed), FakeRackKind.Unopened).App.ToString());
        }

        _git.Write("code/Shop/kept.txt", "x");
        _git.Git("add", "--force", "code/Shop/kept.txt");
        _git.Git("commit", "-q", "-m", "kept all the same");
        foreach (var installed in new[] { true, false })
        {
            Assert.EndsWith(" kept all the same", (await Describe(app, installed)).Description, StringComparison.Ordinal);
            Assert.Equal("repository", AppSettings.Resolve(app, null, null, Variable(installed), FakeRackKind.Unopened).App.ToString());
        }
    }

    [Fact]
    public async Task Neither_is_one_that_a_repository_of_settings_keeps_quiet_about()
    {
        _git.Write(".bashrc", "x");
        _git.Commit("my settings");
        var app = Directory.CreateDirectory(Path.Combine(_git.Folder, "Shop")).FullName;
        Assert.EndsWith(" my settings", (await Describe(app, installed: true)).Description, StringComparison.Ordinal);
        _git.Git("config", "--local", "status.showUntrackedFiles", "no");
        Assert.Equal(new(null, ""), await Describe(app, installed: true));
        Assert.Equal(new(null, ""), await Describe(app, installed: false));
    }

    [Fact]
    public async Task A_bare_repository_beside_its_working_tree_is_read_as_the_environment_says()
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        var (bare, tree) = (_git.Beside("bare.git"), Directory.CreateDirectory(_git.Beside("tree")).FullName);
        _git.Git("clone", "-q", "--bare", _git.Folder, bare);
        File.WriteAllText(Path.Combine(tree, "a.txt"), "a");
        _git.GitIn(tree, $"--git-dir={bare}", $"--work-tree={tree}", "reset", "-q");
        foreach (var installed in new[] { true, false })
        {
            string? Variables(string name) => name switch { "GIT_DIR" => bare, "GIT_WORK_TREE" => tree, _ => Variable(installed)(name) };
            Assert.Equal(new(commit, $"build {commit[..10]} one"),
                await GitDescription.Read(tree, null, TimeProvider.System, Variables, TestContext.Current.CancellationToken));
            Assert.Equal(new(null, ""), await Describe(tree, installed));
        }

        // A hook of git leaves this one behind, and it says nothing of the folder.
        string? Left(string name) => name == "GIT_DIR" ? bare : Variable(true)(name);
        Assert.Equal(commit,
            (await GitDescription.Read(_git.Folder, null, TimeProvider.System, Left, TestContext.Current.CancellationToken)).Commit);
    }

    [Fact]
    public async Task A_folder_that_is_reached_through_a_link_is_part_of_its_repository()
    {
        _git.Write("src/Web/a.txt", "a");
        var commit = _git.Commit("one");
        Directory.CreateSymbolicLink(_git.Beside("link"), Path.Combine(_git.Folder, "src"));
        Assert.Equal(new(commit, $"build {commit[..10]} one"), await Describe(Path.Combine(_git.Beside("link"), "Web"), installed: true));
    }

    public void Dispose() => _git.Dispose();

    private async Task Holds(string name, bool change)
    {
        OddRepositories.Make(name, _git);
        if (change) File.AppendAllText(Path.Combine(_git.Folder, File.Exists(Path.Combine(_git.Folder, "a.txt")) ? "a.txt" : "b/b.txt"),
            "changed and longer\n");
        var commit = _git.Git("rev-parse", "HEAD");
        var before = File.ReadAllBytes(Path.Combine(_git.Folder, ".git", "index"));
        var changed = Changed();
        var described = await Describe(_git.Folder, installed: true);

        Assert.Equal(commit, described.Commit);
        Assert.StartsWith($"build {commit[..10]}", described.Description, StringComparison.Ordinal);
        Assert.Equal(changed == true, described.Description.EndsWith(" with uncommitted changes", StringComparison.Ordinal));
        Assert.Equal(changed is null, described.Warning is not null);
        Assert.DoesNotContain(described.Description, c => char.IsControl(c) || c is '\u202E' or '\u2028');
        Assert.InRange(described.Description.Length, 0, 250);
        if (changed == false && name is "commit encoding Latin-1")
            Assert.EndsWith("José grüßt", described.Description, StringComparison.Ordinal);

        var read = await Describe(_git.Folder, installed: false);
        Assert.Equal(commit, read.Commit);
        if (changed != true) Assert.DoesNotContain("uncommitted", read.Description, StringComparison.Ordinal);
        else if (read.Warning is null) Assert.EndsWith(" with uncommitted changes", read.Description, StringComparison.Ordinal);

        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_git.Folder, ".git", "index")));
        Assert.False(File.Exists(_git.Beside("hook-ran")));
    }

    /// <summary>What <c>git status</c> says; null: it cannot.</summary>
    private bool? Changed()
    {
        try
        {
            return _git.Git("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c",
                "status.branch=false", "status", "--porcelain", "--untracked-files=no").Length > 0;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The commit, even where git itself can no longer read it.</summary>
    private string HeadOf() => File.ReadAllText(Path.Combine(_git.Folder, ".git", "refs", "heads", "main")).Trim();

    private static Task<GitDescription> Describe(string folder, bool installed) =>
        GitDescription.Read(folder, null, TimeProvider.System, Variable(installed), TestContext.Current.CancellationToken);

    private static Func<string, string?> Variable(bool installed) =>
        installed ? name => name == "PATH" ? Environment.GetEnvironmentVariable(name) : null : _ => null;
}
