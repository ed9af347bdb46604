using Xunit;

namespace Releases.Tests.Git;

/// <summary>The page of a commit, from the addresses that people clone from.</summary>
public sealed class CommitLinkTests
{
    private const string Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584";

    [Theory]
    [InlineData("https://github.com/acme/shop.git", "https://github.com/acme/shop/commit/")]
    [InlineData("git@github.com:acme/shop.git", "https://github.com/acme/shop/commit/")]
    [InlineData("ssh://git@github.acme.example:2222/acme/shop.git", "https://github.acme.example/acme/shop/commit/")]
    [InlineData("https://x-token:secret@gitlab.com/acme/group/shop.git", "https://gitlab.com/acme/group/shop/-/commit/")]
    [InlineData("git@gitlab.acme.example:acme/shop.git", "https://gitlab.acme.example/acme/shop/-/commit/")]
    [InlineData("https://acme@dev.azure.com/acme/My%20Shop/_git/shop", "https://dev.azure.com/acme/My%20Shop/_git/shop/commit/")]
    [InlineData("git@ssh.dev.azure.com:v3/acme/My%20Shop/shop", "https://dev.azure.com/acme/My%20Shop/_git/shop/commit/")]
    [InlineData("https://acme.visualstudio.com/Shop/_git/shop", "https://acme.visualstudio.com/Shop/_git/shop/commit/")]
    [InlineData("acme@vs-ssh.visualstudio.com:v3/acme/Shop/shop", "https://dev.azure.com/acme/Shop/_git/shop/commit/")]
    [InlineData("git@bitbucket.org:acme/shop.git", "https://bitbucket.org/acme/shop/commits/")]
    [InlineData("https://bitbucket.acme.example/scm/ac/shop.git", "https://bitbucket.acme.example/projects/ac/repos/shop/commits/")]
    [InlineData("ssh://git@bitbucket.acme.example:7999/ac/shop.git", "https://bitbucket.acme.example/projects/ac/repos/shop/commits/")]
    public void Leads_to_the_host_by_SSH_and_by_HTTPS(string remote, string page) =>
        Assert.Equal(page + Commit, CommitLink.For(GitRemote.Name(remote), Commit)?.AbsoluteUri);

    [Theory]
    [InlineData("git@github.com:acme/shop.git", "https://github.com/acme/shop/compare/0be4c77d2a...7329df90c1")]
    [InlineData("https://gitlab.com/acme/group/shop.git", "https://gitlab.com/acme/group/shop/-/compare/0be4c77d2a...7329df90c1")]
    [InlineData("git@bitbucket.org:acme/shop.git", null)]
    [InlineData("https://code.acme.example/acme/shop", null)]
    public void Leads_to_the_commits_between_two(string remote, string? page)
    {
        Assert.Equal(page, CommitLink.Between(GitRemote.Name(remote), "0be4c77d2a", "7329df90c1")?.AbsoluteUri);
        foreach (var (from, to) in new (string?, string?)[] { (null, "7329df90c1"), ("7329df90c1", null), ("a", "a"), ("x", "7329df90c1") })
            Assert.Null(CommitLink.Between(GitRemote.Name(remote), from, to));
    }

    [Theory]
    [InlineData("/srv/git/shop.git", Commit)]
    [InlineData("https://code.acme.example/acme/shop", Commit)]
    [InlineData("https://github.com/shop", Commit)]
    [InlineData("https://github.com/acme/../shop", Commit)]
    [InlineData("https://github.com/acme/shop", "\"><script>")]
    [InlineData("javascript:alert(1)//github.com/a", Commit)]
    [InlineData("https://github.com/acme/shop", null)]
    public void Is_nothing_where_no_page_is_known(string remote, string? commit) =>
        Assert.Null(CommitLink.For(GitRemote.Name(remote), commit));
}
