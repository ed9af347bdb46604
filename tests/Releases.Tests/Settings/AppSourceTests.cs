using Releases.Testing;
using Releases.Tests.Creating;
using Releases.Tests.Git;
using Xunit;

namespace Releases.Tests.Settings;

/// <summary>An app remembers where it is built from, so that two folders never share one silently.</summary>
public sealed class AppSourceTests : IDisposable
{
    private readonly TestRepository _git = new();
    private readonly PublishedApp _app = new();

    public void Dispose()
    {
        _app.Dispose();
        _git.Dispose();
    }

    [Theory]
    [InlineData("https://github.com/acme/shop.git", "github.com/acme/shop")]
    [InlineData("https://github.com/acme/shop/", "github.com/acme/shop")]
    [InlineData("git@github.com:acme/shop.git", "github.com/acme/shop")]
    [InlineData("ssh://git@github.com/acme/shop.git", "github.com/acme/shop")]
    [InlineData("ssh://git@github.com:22/acme/shop.git", "github.com/acme/shop")]
    [InlineData("https://x-access-token:ghs_s3cr3t@github.com/acme/shop", "github.com/acme/shop")]
    [InlineData("https://gitlab-ci-token:s3cr3t@git.example:8443/acme/shop.git", "git.example/acme/shop")]
    [InlineData("https://acme@dev.azure.com/acme/p/_git/shop", "dev.azure.com/acme/p/_git/shop")]
    [InlineData("git.example:shop.git", "git.example/shop")]
    [InlineData("git@git.example:/srv/shop.git", "git.example/srv/shop")]
    [InlineData("/srv/git/shop.git", "/srv/git/shop")]
    [InlineData("file:///srv/git/shop.git", "/srv/git/shop")]
    [InlineData("C:\\git\\shop.git", "C:/git/shop")]
    [InlineData("", null)]
    [InlineData("\n", null)]
    public void Clones_by_every_form_of_an_address_are_one_and_nobodys_token_is_kept(string address, string? name) =>
        Assert.Equal(name, GitRemote.Name(address));

    [Fact]
    public async Task A_clone_a_worktree_and_a_moved_clone_are_the_same_app()
    {
        _git.Write("src/Api/a.txt", "a");
        _git.Commit("one");
        _git.Git("remote", "add", "origin", "git@git.example:acme/shop.git");
        var (worktree, clone, fork) = (_git.Beside("worktree"), _git.Beside("ci/shop"), _git.Beside("fork"));
        _git.Git("worktree", "add", "-q", worktree, "-b", "other");
        _git.Git("clone", "-q", _git.Folder, clone);
        _git.GitIn(clone, "remote", "set-url", "origin", "https://ci-token:s3cr3t@git.example/acme/shop");
        _git.Git("clone", "-q", _git.Folder, fork);
        _git.GitIn(fork, "remote", "set-url", "origin", "https://git.example/someone/shop");
        var here = await SourceOf(_git.Folder);
        Assert.Equal("git.example/acme/shop", here.Remote);
        Assert.True(here.IsSame(await SourceOf(worktree)));
        Assert.True(here.IsSame(await SourceOf(clone)));
        Assert.False(here.IsSame(await SourceOf(fork)));
        Directory.Move(clone, _git.Beside("moved"));
        Assert.True(here.IsSame(await SourceOf(_git.Beside("moved"))));
        // The same names in another folder of the repository are another app.
        Assert.False((await SourceOf(Path.Combine(_git.Folder, "src", "Api"))).IsSame(here));
        Assert.True((await SourceOf(Path.Combine(_git.Folder, "src", "Api"))).IsSame(await SourceOf(Path.Combine(worktree, "src", "Api"))));
    }

    [Fact]
    public async Task Without_a_remote_it_is_the_repository_and_without_that_the_folder()
    {
        _git.Write("a.txt", "a");
        _git.Commit("one");
        var (worktree, plain) = (_git.Beside("worktree"), Directory.CreateDirectory(_git.Beside("plain/Api")).FullName);
        _git.Git("worktree", "add", "-q", worktree, "-b", "other");
        var here = await SourceOf(_git.Folder);
        Assert.True(here.IsSame(await SourceOf(worktree)));
        Assert.False(here.IsSame(await SourceOf(plain)));
        Assert.Equal((null, null), ((await SourceOf(plain)).Remote, (await SourceOf(plain)).Repository));
        // A remote that is added later, or didn't exist yet, changes nothing on the same machine.
        _git.Git("remote", "add", "origin", "https://git.example/acme/shop");
        Assert.True(here.IsSame(await SourceOf(_git.Folder)));
        Assert.True((await SourceOf(_git.Folder)).IsSame(here));
        Assert.Equal(await SourceOf(_git.Folder), await GitRemote.SourceOf(_git.Folder, _ => null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_build_from_a_folder_of_the_same_name_is_refused_before_anything_is_made()
    {
        await _app.Create.FromBuild(From("/clientA/Api"));
        await _app.Create.FromBuild(From("/clientA/Api"));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _app.Create.FromBuild(From("/clientB/Api")));
        Assert.Equal((ProblemCode.AppExists, ProblemKind.Usage), (refused.Problems[0].Code, refused.Problems[0].Kind));
        Assert.Contains("built from /clientA/Api, and this is /clientB/Api", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await _app.Rack.Store.ListBuilds(A.App, 10)).Count);

        // Said once, it is known from then on.
        await _app.Create.FromBuild(From("/clientB/Api") with { IsAppStated = true });
        await _app.Create.FromBuild(From("/clientB/Api"));
        await _app.Create.FromBuild(From("/clientA/Api"));
        Assert.Equal(["/clientB/Api", "/clientA/Api"], (await _app.Rack.Store.RequireApp(A.App)).Sources.Select(s => s.Folder));
    }

    [Fact]
    public async Task Two_first_builds_at_the_same_moment_do_not_share_an_app_either()
    {
        var (one, two) = (From("/clientA/Api"), From("/clientB/Api"));
        var (first, second) = (await _app.Create.Begin(one), await _app.Create.Begin(two));
        await _app.Create.Complete(first, one);
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => _app.Create.Complete(second, two))).Is(ProblemCode.AppExists));
    }

    [Fact]
    public async Task An_app_of_before_takes_the_first_folder_that_builds_it()
    {
        await _app.Rack.Store.App();
        await _app.Create.FromBuild(From("/clientA/Api"));
        Assert.Equal("/clientA/Api", Assert.Single((await _app.Rack.Store.RequireApp(A.App)).Sources).Folder);
    }

    [Fact]
    public async Task A_new_app_never_loses_letters_of_its_folders_name_unasked()
    {
        foreach (var (name, suggested) in new[] { ("Ünï+löd #1", "n-l-d-1"), ("a,b", "a-b"), ("a#b", "a-b"), ("C++", "c") })
        {
            var request = From("/x") with { App = AppName.Parse(FolderNames.ToAppName("/x/" + name)), AppFolder = "/x/" + name };
            var refused = await Assert.ThrowsAsync<ProblemException>(() => _app.Create.Begin(request));
            Assert.True(refused.Is(ProblemCode.IllegalName));
            Assert.Equal(new("app", suggested), Assert.Single(refused.Problems[0].Remedy!.Steps).Option);
            Assert.Empty(await _app.Rack.Store.ListApps());
        }

        await _app.Create.Begin(From("/x") with
        { AppFolder = "/x/My App_2.0", App = AppName.Parse(FolderNames.ToAppName("/x/My App_2.0")) });
        Assert.Equal("my-app-2-0", Assert.Single(await _app.Rack.Store.ListApps()).Name.ToString());
    }

    private static Task<AppSource> SourceOf(string folder) =>
        GitRemote.SourceOf(folder, Environment.GetEnvironmentVariable, TestContext.Current.CancellationToken);

    private BuildRequest From(string folder) => _app.Publish("Web") with { Source = new() { Folder = folder }, IsAppStated = false };
}
