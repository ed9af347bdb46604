using System.Diagnostics;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>Whatever the environment of the tool holds, it works or says in one sentence what is wrong, and never that something was
/// unexpected.</summary>
public sealed class OddEnvironmentTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A variable, its value, and the code of the problem that it is, if it is one.</summary>
    public static TheoryData<string, string, string?> Odd => new()
    {
        { "TMPDIR", "/nonexistent",
            null }, { "TMPDIR", "", null }, { "TMPDIR", "/proc", null }, { "TMPDIR", "relative", null }, { "TMPDIR", "/dev/null", null },
        { "HOME", "", null }, { "HOME", "/nonexistent", null }, { "HOME", "/proc", null }, { "HOME", "relative", null },
        { "XDG_RUNTIME_DIR", "/nonexistent", null }, { "XDG_RUNTIME_DIR", "/proc", null }, { "XDG_RUNTIME_DIR", "relative", null },
        { "PATH", "", null }, { "PATH", "/nonexistent", null }, { "PATH", ":", null }, { "DOTNET_ROOT", "/nonexistent", null },
        { "TERM", "", null }, { "TERM", "no-such-terminal",
            null }, { "COLUMNS", "0", null }, { "COLUMNS", "-1", null }, { "COLUMNS", "99999999999999", null }, { "LINES", "x", null },
        { "LANG", "xx_YY.BROKEN", null }, { "LC_ALL", "tr_TR",
            null }, { "TZ", "Nowhere/Bad", null }, { "TZ", "::", null }, { "NO_COLOR", "1", null }, { "NO_COLOR", "", null },
        { "EDITOR", "no-such-editor --wait", ProblemCode.Editor }, { "EDITOR", "'",
            ProblemCode.Editor }, { "EDITOR", "true --wait 'a b'", null }, { "VISUAL", "false", ProblemCode.Editor },
        { "CONVOX_HOME", "relative",
            null }, { "CONVOX_HOME", "/dev/null", ProblemCode.HomeNotWritable },
        { "CONVOX_HOME", "/dev/null/below", ProblemCode.HomeNotWritable },
        { "CONVOX_ACTOR", "a\u0001\e[2Jb", null }, { "CONVOX_ACTOR", new string('x', 100_000), null }, { "CONVOX_ACTOR", "   ", null },
        { "CONVOX_RACK", "x:y", ProblemCode.RackAddress }, { "CONVOX_RACK", "", null }, { "CONVOX_APP", "",
            null }, { "CONVOX_APP", new string('x', 100_000), ProblemCode.IllegalName }, { "CONVOX_APP", "\e[2J", ProblemCode.IllegalName },
    };

    public async ValueTask InitializeAsync()
    {
        HomeFolder.Create(_home.Home);
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        await rack.Store.App(cancel: Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task Is_lived_with_or_told_of(string name, string value, string? code)
    {
        var variables = new Dictionary<string, string>
        { ["CONVOX_HOME"] = _home.Home.Folder, ["HOME"] = _home.Home.Folder, [name] = value };
        // Changes the environment, which opens rack, vault and temporary folder, and starts the editor.
        foreach (var words in (string[][])[["env", "set", "A=1"], ["env", "edit"]])
        {
            using var tool = StartedTool.Start(_home.Home.Folder, variables, words);
            var (_, talk) = await tool.End(Cancel);
            Assert.DoesNotContain(ProblemCode.Unexpected, talk, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", talk, StringComparison.Ordinal);
            Assert.DoesNotContain(talk, c => char.IsControl(c) && c != '\n');
            if (code is not null && words[1] == "edit") Assert.Contains(code, talk, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_home_that_takes_no_files_is_refused_to_a_change_and_has_no_rack_for_a_look()
    {
        var variables = new Dictionary<string, string> { ["CONVOX_HOME"] = "/proc" };
        using var change = StartedTool.Start(_home.Home.Folder, variables, "env", "set", "A=1");
        Assert.Contains(ProblemCode.HomeNotWritable, (await change.End(Cancel)).Talk, StringComparison.Ordinal);
        using var look = StartedTool.Start(_home.Home.Folder, variables, "env", "edit");
        Assert.StartsWith("note: there is no rack in '/proc' yet", (await look.End(Cancel)).Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rack")]
    [InlineData("rack", "stop")]
    [InlineData("rack", "start")]
    [InlineData("apps")]
    [InlineData("services")]
    public async Task Another_users_home_is_named_as_one_that_cannot_be_read(params string[] words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can become another user.");
        Assert.SkipUnless((await AsNobody("--version")).Code == 0, "The other user can't run the tool.");
        var (code, talk) = await AsNobody(words);
        Assert.Equal((1, true), (code, talk.StartsWith("error CONVOX0009: this user can't read '", StringComparison.Ordinal)));
        Assert.Contains(_home.Home.Folder, talk, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Talk)> AsNobody(params string[] words)
    {
        var start = new ProcessStartInfo(
            "setpriv", ["--reuid", "65534", "--clear-groups", BuiltTool.Command.Program, .. BuiltTool.Command.Arguments, .. words])
        { WorkingDirectory = "/", RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CONVOX_HOME"] = _home.Home.Folder;
        start.Environment["CONVOX_APP"] = "hello";
        start.Environment["HOME"] = "/";
        using var process = Process.Start(start)!;
        var talk = process.StandardError.ReadToEndAsync(Cancel);
        await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await talk);
    }
}
