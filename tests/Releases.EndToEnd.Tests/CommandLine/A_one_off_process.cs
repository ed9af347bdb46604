using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>What <c>run</c> does on a real rack, with real processes.</summary>
[Collection("racks")]
public sealed class A_one_off_process : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private ReleaseId _active;

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n    termination: { grace: 1 }\n    environment: [GREETING, WHOM=world]\n",
            "web");
        _active = await _rack.Set("GREETING=hello", "UNDECLARED=x");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Has_code_and_environment_of_the_active_release_and_passes_its_exit_code_on()
    {
        _rack.Variables["OF_THE_SHELL"] = "x";
        var run = await _rack.Run(
            "run", "web",
            "ls SampleApp.dll && echo $APP $SERVICE $RELEASE $GREETING $WHOM [$PORT$ASPNETCORE_URLS$UNDECLARED$OF_THE_SHELL]; echo kept > $CONVOX_DATA/kept; exit 7");
        Assert.Equal((7, $"SampleApp.dll\nhello web {_active} hello world []\n", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(_rack.Home, "data", "hello", "web", "kept")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_rack.Home, "one-offs")));
    }

    [Fact]
    public async Task Gets_what_is_piped_in_and_its_words_as_they_are()
    {
        await File.WriteAllTextAsync(Path.Combine(_rack.AppFolder, "in.txt"), "b\na\n");
        Assert.Equal("a\nb\n", (await _rack.RunInShell("run web sort < in.txt")).Out);
        Assert.Equal("--json\n$HOME  x\n", (await _rack.RunInShell("run web printf '%s\\n' --json '$HOME  x'")).Out);
        Assert.Equal(2, (await _rack.RunInShell("run web --no-such-option")).ExitCode);
        Assert.Equal((127, "dotnet-convox: no-such-program: No such file or directory\n"), await Refused("no-such-program"));
        Assert.Equal((126, "dotnet-convox: ./SampleApp.dll: Permission denied\n"), await Refused("./SampleApp.dll"));
    }

    [Fact]
    public async Task Is_interactive_on_a_terminal_and_Ctrl_C_is_for_it()
    {
        var caught = await _rack.RunAtTerminal(
            "run web \"trap 'echo caught; exit 9' INT; tty; touch $PWD/begun; while :; do sleep 0.1; done\"", "\\003", "begun");
        Assert.Equal(9, caught.ExitCode);
        Assert.Matches("^/dev/pts/[0-9]+\r\n.*caught\r\n$", caught.Out);

        File.Delete(Path.Combine(_rack.AppFolder, "begun"));
        Assert.Equal(130, (await _rack.RunAtTerminal("run web \"touch $PWD/begun; sleep 60\"", "\\003", "begun")).ExitCode);
        var asked = await _rack.RunAtTerminal("run web \"touch $PWD/asked; read -r answer; echo read \\$answer\"", "yes\\n", "asked");
        Assert.Contains("read yes\r\n", asked.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_ended_gracefully_by_SIGTERM_and_killed_after_its_grace()
    {
        var polite = await Begin("trap 'echo bye; exit 3' TERM");
        TestRack.Signal(polite.ProcessId, "TERM");
        var ended = await polite.Ended;
        Assert.Equal((3, "bye\n"), (ended.ExitCode, ended.Out));

        var deaf = await Begin("trap '' TERM");
        TestRack.Signal(deaf.ProcessId, "TERM");
        Assert.Equal(137, (await deaf.Ended).ExitCode);
        Assert.Empty(_rack.ProcessesIn("one-offs"));
    }

    [Fact]
    public async Task Leaves_nothing_behind_even_when_the_tool_is_killed()
    {
        await _rack.Do("run", "web", "setsid sleep 1000 & sleep 1000 & echo done");
        Assert.Empty(_rack.ProcessesIn("one-offs"));

        var killed = await Begin("trap '' TERM; setsid sleep 1000 &");
        TestRack.Signal(killed.ProcessId, "KILL");
        await killed.Ended;
        await _rack.Until(() => Task.FromResult(_rack.ProcessesIn("one-offs").Count == 0), "every process is gone");
        Assert.Single(Folders());
        await _rack.Do("run", "web", "true");
        Assert.Empty(Folders());
    }

    [Fact]
    public async Task Is_seen_to_its_end_where_its_caller_was_started_with_signals_ignored()
    {
        Assert.Equal(7, (await _rack.StartInShell(ignored: "CHLD", "run web 'exit 7'").Ended).ExitCode);

        var begun = Path.Combine(_rack.AppFolder, "begun");
        var killed = _rack.StartInShell(ignored: "TERM", $"run web 'touch {begun}; sleep 1000'");
        await _rack.Until(() => Task.FromResult(File.Exists(begun)), "it has begun");
        TestRack.Signal(killed.ProcessId, "KILL");
        await killed.Ended;
        await _rack.Until(() => Task.FromResult(_rack.ProcessesIn("one-offs").Count == 0), "every process is gone");
    }

    [Fact]
    public async Task Is_not_disturbed_by_a_promotion_or_by_the_end_of_the_daemon_and_needs_none()
    {
        var running = await Begin("", "until [ -e $CONVOX_DATA/go ]; do sleep 0.1; done; ls SampleApp.dll; echo $GREETING");
        await _rack.Set("GREETING=goodbye");
        await _rack.Do("promote");
        await _rack.Do("rack", "stop");
        Assert.Equal("goodbye\n", await _rack.Do("run", "web", "printenv", "GREETING"));
        Assert.Equal("hello\n", await _rack.Do("run", "--release", _active.ToString(), "web", "printenv", "GREETING"));
        Assert.False((await _rack.Json("rack")).GetProperty("pid").ValueKind is System.Text.Json.JsonValueKind.Number);

        await File.WriteAllTextAsync(Path.Combine(_rack.Home, "data", "hello", "web", "go"), "");
        var ended = await running.Ended;
        Assert.Equal((0, "SampleApp.dll\nhello\n"), (ended.ExitCode, ended.Out));
    }

    private async Task<(int ExitCode, string Error)> Refused(string program)
    {
        var run = await _rack.Run("run", "web", program);
        return (run.ExitCode, run.Error);
    }

    /// <summary>Starts a command that runs until it is stopped.</summary>
    private async Task<RunningTool> Begin(string first, string then = "while :; do sleep 0.1; done")
    {
        var begun = Path.Combine(_rack.Home, "data", "hello", "web", "begun");
        File.Delete(begun);
        var running = _rack.Start("run", "web", $"{first}\ntouch $CONVOX_DATA/begun; {then}");
        await _rack.Until(() => Task.FromResult(File.Exists(begun)), "it has begun");
        return running;
    }

    private IEnumerable<string> Folders() => Directory.EnumerateDirectories(Path.Combine(_rack.Home, "one-offs"));
}
