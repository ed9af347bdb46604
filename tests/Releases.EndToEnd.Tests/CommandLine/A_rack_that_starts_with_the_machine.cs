using System.Runtime.Versioning;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

[UnsupportedOSPlatform("windows")]
public sealed class A_rack_that_starts_with_the_machine : IAsyncLifetime
{
    private readonly ToolProcess _tool = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _tool.Run("", new Dictionary<string, string?> { ["CONVOX_HOME"] = Home }, "rack", "stop");
        _tool.Dispose();
    }

    private string Home => Path.Combine(_tool.Folder, ".convox");

    [Fact]
    public async Task Is_a_systemd_user_unit_of_the_kept_copy_of_the_tool()
    {
        var asked = Path.Combine(_tool.Folder, "asked");
        var bin = Directory.CreateDirectory(Path.Combine(_tool.Folder, "bin")).FullName;
        foreach (var program in (string[])["systemctl", "loginctl"])
            Fake(Path.Combine(bin, program), $"""
                echo {program} "$@" >> '{asked}'
                [ "$2" != start ] || eval "exec setsid $(sed -n 's/^ExecStart=//p' "$HOME/.config/systemd/user/$3")" >/dev/null 2>&1 </dev/null &
                """);

        var started = await _tool.Run("", WithPath(bin), "rack", "start", "--at-boot");

        Assert.Equal((0, ""), (started.ExitCode, started.StandardError));
        Assert.Equal(
            ["systemctl --user daemon-reload", "systemctl --user is-enabled convox.service", "systemctl --user enable convox.service",
                $"loginctl show-user {Environment.UserName} --property=Linger", "loginctl enable-linger",
                "systemctl --user is-enabled convox.service", "systemctl --user start convox.service"],
            (await File.ReadAllLinesAsync(asked)).Take(7));
        var unit = await File.ReadAllTextAsync(Path.Combine(_tool.Folder, ".config", "systemd", "user", "convox.service"));
        Assert.Contains($"\"{Home}/tools/latest/dotnet-convox.dll\" \"__daemon\" \"{Home}\" \"local\"\n", unit,
            StringComparison.Ordinal);
        Assert.Contains("\nOOMPolicy=continue\n", unit, StringComparison.Ordinal);
        Assert.Contains($"Environment=\"PATH={bin}:", unit, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Home, "tools", "latest", "dotnet-convox.dll")));
    }

    [Fact]
    public async Task Is_refused_in_words_where_the_system_cannot()
    {
        var bin = Directory.CreateDirectory(Path.Combine(_tool.Folder, "bin")).FullName;
        Fake(Path.Combine(bin, "systemctl"), "echo Failed to connect to bus >&2; exit 1");

        var refused = await _tool.Run("", WithPath(bin), "rack", "start", "--at-boot");

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(
            "error CONVOX0020: the rack can't start with this machine: systemctl --user daemon-reload exited with code 1: Failed to connect to bus. "
            + "It is running now, and no unit was installed. Start it after each boot: dotnet convox rack start\n",
            refused.StandardError);
    }

    private Dictionary<string, string?> WithPath(string bin) => new()
    {
        ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}",
        ["HOME"] = _tool.Folder,
        ["CONVOX_HOME"] = null,
        ["XDG_CONFIG_HOME"] = null,
    };

    private static void Fake(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
