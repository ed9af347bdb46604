using Xunit;

namespace Releases.Tests.Git;

/// <summary>Held against <c>git check-ignore</c>.</summary>
public sealed class GitIgnoreRulesTests : IDisposable
{
    private static readonly string[] Folders = ["code", "code/shop", "code/shop/web", "Code", "c", "code2", "a.b", "code/a.b", "x/code/shop", "sh]p", "#code", "!code"];

    private readonly TestRepository _git = new();

    [Theory]
    [InlineData("*\n!.gitignore")]
    [InlineData("code")]
    [InlineData("code/")]
    [InlineData("/code")]
    [InlineData("shop")]
    [InlineData("/shop")]
    [InlineData("code/shop")]
    [InlineData("code/*")]
    [InlineData("code/**")]
    [InlineData("**/shop")]
    [InlineData("**/code/shop")]
    [InlineData("code/**/web")]
    [InlineData("x/**/shop")]
    [InlineData("c?de")]
    [InlineData("c*e")]
    [InlineData("[cC]ode")]
    [InlineData("[!c]ode")]
    [InlineData("[a-c]ode")]
    [InlineData("*.b")]
    [InlineData("code\n!code")]
    [InlineData("code/*\n!code/shop")]
    [InlineData("/*\n!/code")]
    [InlineData("# code\n\n  \ncode2")]
    [InlineData("\\#code\n\\!code")]
    [InlineData("code  ")]
    public void A_folder_is_ignored_as_by_git(string rules)
    {
        _git.Write(".gitignore", rules + "\n");
        var git = GitFolder.At(_git.Folder)!;
        foreach (var folder in Folders)
        {
            Directory.CreateDirectory(Path.Combine(_git.Folder, folder));
            Assert.Equal((folder, IgnoredByGit(folder)), (folder, GitIgnoreRules.Ignores(git, folder)));
        }
    }

    [Fact]
    public void The_rules_of_a_folder_below_count_after_those_above_it()
    {
        _git.Write(".gitignore", "shop\n");
        _git.Write("code/.gitignore", "!shop\nother\n");
        _git.Write(".git/info/exclude", "excluded\n");
        var git = GitFolder.At(_git.Folder)!;
        foreach (var folder in (string[])["code/shop", "shop", "code/other", "other", "excluded", "code/excluded"])
        {
            Directory.CreateDirectory(Path.Combine(_git.Folder, folder));
            Assert.Equal((folder, IgnoredByGit(folder)), (folder, GitIgnoreRules.Ignores(git, folder)));
        }
    }

    public void Dispose() => _git.Dispose();

    private bool IgnoredByGit(string folder)
    {
        try
        {
            _git.Git("check-ignore", "--quiet", "--no-index", "--", "./" + folder);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
