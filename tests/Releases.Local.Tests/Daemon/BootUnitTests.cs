using System.Diagnostics;
using System.Runtime.Versioning;
using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>The unit that starts a rack at boot, with the real tool and a systemd that does what a test says.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class BootUnitTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("boot-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LocalHome Own => new(Path.Combine(_folder.FullName, ".convox"));

    private string Units => Path.Combine(_folder.FullName, "systemd", "user");

    private string Unit => Path.Combine(Units, "convox.service");

    private string Asked => Path.Combine(_folder.FullName, "asked");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        await ToolOf(_home.Home, "rack", "stop");
        _home.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("systemctl --user daemon-reload", false, false, null)]
    [InlineData("systemctl --user daemon-reload", true, true, null)]
    [InlineData("systemctl --user enable convox.service", false, false, null)]
    [InlineData("systemctl --user enable convox.service", true, true, null)]
    [InlineData("loginctl enable-linger", false, false, "systemctl --user disable convox.service")]
    [InlineData("loginctl enable-linger", true, false, "systemctl --user disable convox.service")]
    [InlineData("loginctl enable-linger", true, true, null)]
    public async Task A_refused_start_at_boot_leaves_the_unit_that_was_there_or_none(
        string refused, bool hadUnit, bool wasEnabled, string? undone)
    {
        Fake("systemctl", refused, wasEnabled ? "nothing" : "systemctl --user is-enabled convox.service");
        Fake("loginctl", refused);
        Directory.CreateDirectory(Units);
        if (hadUnit) await File.WriteAllTextAsync(Unit, "mine", Cancel);

        var (code, talk) = await Tool("rack", "start", "--at-boot");

        Assert.Equal(1, code);
        Assert.Equal(
            $"error CONVOX0020: the rack can't start with this machine: {refused} exited with code 1: No bus. It is running now, and "
                + (hadUnit ? "the unit that was there before is back" : "no unit was installed")
                + (refused.StartsWith("loginctl", StringComparison.Ordinal)
                    ? $". Run this as an administrator, then try again: loginctl enable-linger {Environment.UserName}\n"
                    : ". Start it after each boot: dotnet convox rack start\n"), talk);
        Assert.Equal(hadUnit ? ["convox.service"] : [], Directory.GetFileSystemEntries(Units).Select(Path.GetFileName));
        if (hadUnit) Assert.Equal("mine", await File.ReadAllTextAsync(Unit, Cancel));
        var asked = await File.ReadAllLinesAsync(Asked, Cancel);
        Assert.Equal(undone, asked.SkipWhile(a => a != refused).Skip(1).FirstOrDefault(a => a != "systemctl --user daemon-reload"));
        Assert.Equal("systemctl --user daemon-reload", asked[^1]);
    }

    [Fact]
    public async Task A_rack_that_systemd_starts_writes_its_own_log_and_outlives_a_service_that_uses_up_the_memory()
    {
        Fake("systemctl");
        Fake("loginctl");
        Assert.Equal((0, ""), await Tool("rack", "start", "--at-boot"));
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        File.Delete(Own.DaemonLog);
        var unit = await File.ReadAllLinesAsync(Unit, Cancel);
        foreach (var line in (string[])["StartLimitIntervalSec=0", "RestartSec=5", "OOMPolicy=continue"]) Assert.Contains(line, unit);

        // This command has none of the characters that a shell and systemd read differently.
        var command = unit.Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        using var started = Process.Start("sh", ["-c", $"exec {command}"]);
        await Patience.Until(() => LockHolder.Find(Own)?.ProcessId == started.Id
            && File.Exists(Own.DaemonLog)
            && File.ReadAllText(Own.DaemonLog).Contains(" is running as process ", StringComparison.Ordinal));
        Assert.Equal(PrivateFiles.Mode, File.GetUnixFileMode(Own.DaemonLog));
    }

    [Fact]
    public async Task A_unit_that_cannot_be_written_is_named_with_the_reason()
    {
        Fake("systemctl", "nothing");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "systemd"), "", Cancel);

        var (code, talk) = await Tool("rack", "start", "--at-boot");

        Assert.Equal(1, code);
        Assert.StartsWith(
            $"error CONVOX0020: the rack can't start with this machine: {Unit} can't be written: ", talk, StringComparison.Ordinal);
        Assert.Contains(". It is running now. Start it after each boot: ", talk, StringComparison.Ordinal);
        Assert.False(File.Exists(Asked));
    }

    [Fact]
    public async Task Each_home_has_a_unit_of_its_own()
    {
        Fake("systemctl");
        Fake("loginctl");

        Assert.Equal((0, ""), await Tool("rack", "start", "--at-boot"));
        Assert.Equal((0, ""), await ToolOf(_home.Home, "rack", "start", "--at-boot"));

        var other = Assert.Single(Directory.GetFiles(Units), f => f != Unit);
        Assert.Matches(@"/convox-[0-9a-f]{8}\.service$", other);
        Assert.Contains(
            $"\"__daemon\" \"{_folder.FullName}/.convox\" \"local\"\n", await File.ReadAllTextAsync(Unit, Cancel), StringComparison.Ordinal);
        Assert.Contains(
            $"\"__daemon\" \"{_home.Home.Folder}\" \"local\"\n", await File.ReadAllTextAsync(other, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unit_of_another_name_that_an_earlier_version_gave_the_home_is_replaced()
    {
        Fake("systemctl");
        Fake("loginctl");
        await ToolOf(_home.Home, "rack", "start", "--at-boot");
        var own = Assert.Single(Directory.GetFiles(Units));
        File.Move(own, Unit);

        Assert.Equal((0, ""), await ToolOf(_home.Home, "rack", "start", "--at-boot"));

        Assert.Equal([own], Directory.GetFiles(Units));
        Assert.Contains("systemctl --user disable convox.service", await File.ReadAllLinesAsync(Asked, Cancel));
    }

    [Fact]
    public async Task A_rack_that_starts_with_the_machine_is_always_started_and_stopped_through_systemd()
    {
        Fake("systemctl");
        Fake("loginctl");
        Assert.Equal((0, ""), await Tool("rack", "start", "--at-boot"));
        foreach (var command in (string[])["restart", "stop", "start"])
        {
            File.Delete(Asked);
            Assert.Equal(0, (await Tool("rack", command)).Code);
            Assert.Contains($"systemctl --user {(command == "stop" ? "stop" : "start")} convox.service", await File.ReadAllLinesAsync(Asked, Cancel));
            Assert.Equal(command != "stop", FileLock.IsTaken(Own.DaemonLock));
        }
    }

    [Fact]
    public async Task A_rack_that_is_running_already_is_left_alone_and_supervised_from_its_next_start_on()
    {
        Fake("systemctl");
        Fake("loginctl");
        File.WriteAllText($"{Asked}.pid", "0");
        Assert.Equal((0, ""), await Tool("rack", "start"));
        var daemon = LockHolder.Find(Own)!.ProcessId;
        Assert.Equal(
            (0, "note: systemd starts the rack again if it fails, from its next start on: dotnet convox rack restart\n"),
            await Tool("rack", "start", "--at-boot"));
        Assert.Equal(daemon, LockHolder.Find(Own)!.ProcessId);
        Assert.Equal((0, ""), await Tool("rack", "restart"));
        Assert.Equal(File.ReadAllText($"{Asked}.pid").Trim(), $"{LockHolder.Find(Own)!.ProcessId}");
    }

    [Fact]
    public async Task Where_systemd_cannot_start_it_the_rack_starts_without()
    {
        Fake("systemctl");
        Fake("loginctl");
        Assert.Equal(0, (await Tool("rack", "start", "--at-boot")).Code);
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        Fake("systemctl", "systemctl --user start convox.service");
        Assert.Equal(
            (0, "note: systemctl --user start convox.service exited with code 1: No bus. The rack starts without systemd, which doesn't "
                + "start it again if it fails\n"), await Tool("rack", "start"));
        Assert.NotNull(LockHolder.Find(Own));
    }

    [Fact]
    public async Task A_daemon_that_systemd_cannot_keep_running_is_reported_with_its_exit_code()
    {
        Fake("systemctl");
        Fake("loginctl");
        Assert.Equal(0, (await Tool("rack", "start", "--at-boot")).Code);
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "systemctl"), """
            #!/bin/sh
            [ "$2" != show ] || printf 'ActiveState=activating\nSubState=auto-restart\nExecMainStatus=77\n'
            """, Cancel);
        var (code, talk) = await Tool("rack", "start");
        Assert.Equal(1, code);
        Assert.Contains("exited with code 77", talk, StringComparison.Ordinal);
    }

    /// <summary>
    /// A program that keeps what it was asked, and refuses some requests. What is to be started is started, and is always running.
    /// </summary>
    private void Fake(string name, params string[] refused)
    {
        var path = Path.Combine(_folder.FullName, name);
        var refusals = string.Concat(refused.Select(r => $"[ \"{name} $*\" != '{r}' ] || {{ echo No bus >&2; exit 1; }}\n"));
        File.WriteAllText(path, $"""
            #!/bin/sh
            echo {name} "$@" >> '{Asked}'
            {refusals}case "$*" in
                "--user start "*) eval "exec setsid $(sed -n 's/^ExecStart=//p' "{Units}/$3")" >/dev/null 2>&1 </dev/null &
                    echo $! > '{Asked}.pid' ;;
                "--user show "*) echo ActiveState=active; echo "MainPID=$(cat '{Asked}.pid')" ;;
            esac

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private Task<(int Code, string Talk)> Tool(params string[] words) => ToolOf(new(""), words);

    private async Task<(int Code, string Talk)> ToolOf(LocalHome home, params string[] words)
    {
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = _folder.FullName,
            ["CONVOX_HOME"] = home.Folder,
            ["XDG_CONFIG_HOME"] = _folder.FullName,
            ["PATH"] = $"{_folder.FullName}:{StartedTool.Usual["PATH"]}",
        };
        using var tool = StartedTool.Start(_folder.FullName, variables, words);
        await new StreamReader(tool.Output).ReadToEndAsync(Cancel);
        return await tool.End(Cancel);
    }
}
