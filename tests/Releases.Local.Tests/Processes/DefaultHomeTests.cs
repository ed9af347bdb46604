using System.Diagnostics;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>What root finds where <c>HOME</c> is another user's, as <c>sudo -E</c> leaves it, with the real tool.</summary>
public sealed class DefaultHomeTests : IDisposable
{
    private const string Other = "65534";

    private readonly DirectoryInfo _user = Directory.CreateTempSubdirectory("user-");

    public DefaultHomeTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root gives folders away.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Home => Path.Combine(_user.FullName, ".convox");

    public void Dispose() => _user.Delete(recursive: true);

    [Theory]
    [InlineData("apps")]
    [InlineData("apps", "create", "hello")]
    [InlineData("env", "set", "A=1")]
    [InlineData("rack")]
    [InlineData("rack", "start")]
    [InlineData("rack", "backup", "file")]
    public async Task Another_users_is_refused_whether_it_exists_or_would_be_created(params string[] words)
    {
        await Give(_user.FullName);
        await IsRefused(new() { ["SUDO_UID"] = Other }, words);
        Assert.False(Directory.Exists(Home));

        Directory.CreateDirectory(Home);
        await Give(Home);
        await IsRefused([], words);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Home));
    }

    [Fact]
    public async Task One_that_is_named_and_ones_own_are_used()
    {
        Directory.CreateDirectory(Home);
        Assert.Equal(0, (await Run([], "apps", "create", "hello")).Code);
        await Give(_user.FullName);
        Assert.Equal(0, (await Run(new() { ["CONVOX_HOME"] = Home }, "apps", "create", "another")).Code);
        Assert.Equal(0, (await Run([], "apps", "create", "third", "--rack", $"local:{Home}")).Code);
        Assert.True(File.Exists(Path.Combine(Home, "rack.db")));
    }

    private async Task IsRefused(Dictionary<string, string> variables, string[] words)
    {
        var (code, talk) = await Run(variables, words);
        Assert.Equal(1, code);
        Assert.Matches(
            $"^error CONVOX0009: the default home {Home} belongs to (?<name>nobody|user {Other}), and this command runs as root, whose files "
                + @"\k<name> couldn't change\. Nothing changed\. Run it as \k<name>, or name a home", talk.ReplaceLineEndings(" "));
    }

    private async Task<(int Code, string Talk)> Run(Dictionary<string, string> variables, params string[] words)
    {
        using var tool = StartedTool.Start("/", new Dictionary<string, string>(variables) { ["HOME"] = _user.FullName }, words);
        return await tool.End(Cancel);
    }

    private static async Task Give(string folder)
    {
        using var chown = Process.Start("chown", ["-R", Other, folder]);
        await chown.WaitForExitAsync(Cancel);
    }
}
