using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What commands say of a home in which no daemon can be started, or another user's is running, with the real tool.</summary>
public sealed class OddHomesTests
{
    private const int Nobody = 65534;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_no_program_can_be_executed_the_remedy_is_the_mount()
    {
        using var disk = new SmallDisk(200_000);
        disk.ForbidPrograms();
        var home = Path.Combine(disk.Path, "home");
        var (code, shown) = await Tool(home, null, "rack", "start");
        Assert.Equal(1, code);
        // The tool that runs on .NET isn't a program; it fails once it loads a native library.
        Assert.Matches(
            BuiltTool.Command.Arguments.Count > 0
                ? "^error CONVOX0016: the daemon of .+ exited with code 134: Unhandled exception\\. System\\.[A-Za-z.]+Exception: "
                : $"^error CONVOX0016: the rack can't start, because '{home}/tools/.+' can't be executed: Permission denied\\. "
                    + "Mount the file system of the rack's home without 'noexec', or choose another home: CONVOX_HOME", shown);
    }

    [Fact]
    public async Task Where_a_power_failure_emptied_the_copy_of_the_tool_the_remedy_is_to_delete_it()
    {
        Assert.SkipWhen(BuiltTool.Command.Arguments.Count > 0, "needs the native tool");
        var home = Directory.CreateTempSubdirectory("home-");
        try
        {
            var copy = new ToolCopy(new(home.FullName), BuiltTool.Command, TimeProvider.System).Make();
            await File.WriteAllBytesAsync(copy.Program, new byte[100], Cancel);
            var (code, shown) = await Tool(home.FullName, null, "rack", "start");
            Assert.Equal(1, code);
            Assert.Contains($"The copy is damaged. Delete {copy.Folder}, and the next start copies the tool again", shown,
                StringComparison.Ordinal);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_home_that_is_named_by_a_link_has_the_copy_of_the_tool_that_starts_at_boot()
    {
        var folder = Directory.CreateTempSubdirectory("home-");
        folder.CreateSubdirectory("home");
        var link = Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), "home").FullName;
        try
        {
            Assert.Equal(0, (await Tool(link, null, "rack", "start")).Code);
            Assert.True(new ToolCopy(new(link), BuiltTool.Command, TimeProvider.System).Latest.Exists());
        }
        finally
        {
            await Tool(link, null, "rack", "stop");
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("rack")]
    [InlineData("rack stop")]
    [InlineData("rack restart")]
    public async Task A_daemon_of_another_user_is_reported_as_such(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root on Linux");
        using var folder = new SmallDisk(300_000);
        var home = Path.Combine(folder.Path, "home");
        Assert.SkipUnless((await Tool(home, Nobody, "--version")).Code == 0, "The other user can't run the tool.");
        await Run("chown", $"{Nobody}", folder.Path);
        foreach (var word in (string[])["start", "stop"]) Assert.Equal(0, (await Tool(home, Nobody, "rack", word)).Code);
        Assert.Equal(0, (await Tool(home, null, "rack", "start")).Code);
        try
        {
            var (code, shown) = await Tool(home, Nobody, command.Split(' '));
            Assert.Equal(1, code);
            Assert.Contains(
                $"the rack in {home} is running, and this user can't reach it: another user, or a container, started it. "
                    + $"Stop it there, such as with: sudo dotnet convox rack stop --rack local:{home}", shown, StringComparison.Ordinal);
        }
        finally
        {
            // As sudo runs it: with a home of root's.
            Assert.Equal(0, (await Tool(Path.Combine(folder.Path, "root"), null, "rack", "stop", "--rack", $"local:{home}")).Code);
            Assert.False(Directory.Exists(Path.Combine(folder.Path, "root")));
        }
    }

    private static async Task<(int Code, string Shown)> Tool(string home, int? user, params string[] words)
    {
        string[] tool = [BuiltTool.Command.Program, .. BuiltTool.Command.Arguments, .. words];
        var start = user is null ? new ProcessStartInfo(tool[0], tool[1..])
            : new("setpriv", ["--reuid", $"{user}", "--clear-groups", .. tool]);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, "/");
        (start.Environment["CONVOX_HOME"], start.Environment["HOME"]) = (home, home);
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardError.ReadToEndAsync(Cancel), process.StandardOutput.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        var shown = string.Concat(await output);
        TestContext.Current.TestOutputHelper?.WriteLine(shown);
        return (process.ExitCode, shown);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(0, process.ExitCode);
    }
}
