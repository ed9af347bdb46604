using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.OneOffs;

/// <summary><c>exec</c> on the local rack: a command with a process's own environment, in its folder.</summary>
public sealed class LocalExecTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-exec-").FullName;
    private readonly Process _process;
    private readonly Caller _caller = new();

    public LocalExecTests()
    {
        var start = new ProcessStartInfo("sleep", ["600"]) { WorkingDirectory = _folder };
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string>
        { ["CONVOX_PROCESS"] = "web-4f21", ["PATH"] = "/usr/bin:/bin", ["SECRET"] = "two\nlines=and more" })
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_has_the_environment_and_the_folder_of_the_process_and_gives_the_exit_code()
    {
        var code = await Run("web-4f21", new() { Shell = "printf '%s' \"$SECRET\" > secret; pwd > folder; env > environment; exit 5" });
        Assert.Equal(5, code);
        Assert.Equal("two\nlines=and more", await File.ReadAllTextAsync(Path.Combine(_folder, "secret"), Cancel));
        Assert.Equal(_folder, (await File.ReadAllTextAsync(Path.Combine(_folder, "folder"), Cancel)).Trim());
        Assert.DoesNotContain("DOTNET", await File.ReadAllTextAsync(Path.Combine(_folder, "environment"), Cancel),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_another_process_by_now_gives_nothing_away()
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Run("web-9999", new() { Shell = "touch ran" }));
        Assert.Equal("the process web-9999 has ended.", refused.Problems[0].Message);
        Assert.False(File.Exists(Path.Combine(_folder, "ran")));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_and_exits_as_in_a_shell()
    {
        Assert.Equal(127, await Run("web-4f21", new() { Arguments = ["no-such-program"] }));
        Assert.StartsWith($"'no-such-program' can't be started in {_folder}: No such file or directory. ", Assert.Single(_caller.Said),
            StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "data"), "", Cancel);
        Assert.Equal(126, await Run("web-4f21", new() { Arguments = ["./data"] }));
    }

    [Fact]
    public async Task Cancelled_it_is_ended()
    {
        using var stop = new CancellationTokenSource();
        var running = Run("web-4f21", new() { Shell = "touch started; exec sleep 600" }, stop.Token);
        await Patience.Until(() => File.Exists(Path.Combine(_folder, "started")));
        await stop.CancelAsync();
        Assert.Equal(128 + 15, await running.WaitAsync(Patience.Limit, Cancel));
    }

    private Task<int> Run(string process, ProcessCommand command, CancellationToken? stop = null) => new LocalExec().Run(
        A.App, new(process, ServiceName.Parse("web"), null, ProcessStatus.Healthy, A.Moment, 0, _process.Id, null), command,
        _caller, stop ?? Cancel);

    private sealed class Caller : IOneOffCaller
    {
        public bool HasTerminal => true;

        public SharedList<string> Said { get; } = [];

        public void Print(string line, bool isError = false) => throw new InvalidOperationException(line);

        public void Say(string line) => Said.Add(line);

        public Task<int> LeaveTo(Func<Task<int>> process) => process();
    }
}
