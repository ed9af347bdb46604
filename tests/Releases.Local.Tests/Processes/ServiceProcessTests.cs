using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

public sealed class ServiceProcessTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ProcessLauncher _launcher = new();
    private readonly ConcurrentQueue<string> _printed = new();

    public ServiceProcessTests() => HomeFolder.Create(_home.Home);

    private ProcessRecords Records => new(_home.Home);

    public void Dispose()
    {
        _launcher.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Gets_what_it_is_given_and_of_the_daemons_environment_only_what_is_promised()
    {
        Environment.SetEnvironmentVariable("A_SECRET_OF_THE_SHELL", "x");
        Environment.SetEnvironmentVariable("LANG", "C.UTF-8");
        var process = await Start("env; echo to standard error >&2; pwd; cat; exit 7", new() { ["GREETING"] = "a b\n\"c\"" });
        Assert.Equal(7, await process.Exited);
        await Patience.Until(() => _printed.Contains(_home.Home.Folder) && _printed.Contains("error: to standard error"));

        var names = _printed.Where(l => l.Contains('=', StringComparison.Ordinal)).Select(l => l.Split('=')[0]).ToHashSet();
        Assert.Contains("GREETING=a b", _printed);
        Assert.Contains("LANG=C.UTF-8", _printed);
        Assert.Contains("error: to standard error", _printed);
        Assert.Contains(_home.Home.Folder, _printed);
        // The shell's own.
        Assert.Empty(names.Except([.. ProcessStart.Inherited, ProcessStart.NameVariable, "GREETING", "PWD", "SHLVL", "_", "OLDPWD"]));
        Assert.Empty(Records.All());
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(NativeProcess.SIGTERM, 143)]
    [InlineData(NativeProcess.SIGKILL, 137)]
    public async Task Takes_its_children_with_it_however_it_ends(int? signal, int code)
    {
        var process = await Start($"sleep 1000 & echo child $!; {(signal is null ? "exit 0" : "wait")}", []);
        var child = int.Parse((await Until(() => _printed.FirstOrDefault())).Split(' ')[1], CultureInfo.InvariantCulture);
        if (signal == NativeProcess.SIGTERM) process.Terminate();
        if (signal == NativeProcess.SIGKILL) process.Kill();
        Assert.Equal(code, await process.Exited.WaitAsync(Patience.Limit));
        await Until(() => ProcessTable.Find(child) is null or { IsDead: true } ? "ended" : null);
    }

    [Fact]
    public async Task That_was_left_behind_is_ended_by_a_successor_and_a_number_given_anew_is_not()
    {
        var left = await Start("trap '' TERM; sleep 1000 & wait; wait", []);
        var another = await Start("sleep 1000", [], "web-2");
        await Until(() => ProcessSession.Members(left.ProcessId).Count == 2 ? "" : null);
        // It has its session only once it has come to be the program that it is; the shell may be that, or start it.
        await Until(() => ProcessSession.Members(another.ProcessId).Count > 0 ? "" : null);
        // As a record of a process that has ended, whose number the system gave to another one.
        Records.Add("web-3", another.ProcessId);
        Records.Remove("web-2");
        var file = Path.Combine(_home.Home.Processes, "web-3.json");
        var record = await File.ReadAllTextAsync(file);
        var started = ProcessTable.Find(another.ProcessId)!.Value.StartedAt;
        await File.WriteAllTextAsync(file, record.Replace($"{started}", $"{started - 1}", StringComparison.Ordinal));
        // As a record of an earlier boot, in which another program had the number.
        await File.WriteAllTextAsync(Path.Combine(_home.Home.Processes, "web-5.json"), record
            .Replace("web-3", "web-5", StringComparison.Ordinal).Replace(ProcessTable.BootId, $"{Guid.NewGuid()}", StringComparison.Ordinal));
        // Only its name is known, as of one whose record a crash cut short.
        var truncated = await Start("sleep 1000; true", [], "web-4");
        await Until(() => ProcessSession.Members(truncated.ProcessId).Count == 2 ? "" : null);
        await File.WriteAllTextAsync(Path.Combine(_home.Home.Processes, "web-4.json"), "{ \"cut sh");

        var time = new FakeTimeProvider();
        var ending = new OrphanedProcesses(Records, new(time), time).End(TestContext.Current.CancellationToken);
        // Past the time for SIGTERM; from then on slower than the machine, which may take its time to report an end.
        time.Advance(TimeSpan.FromSeconds(6));
        await Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return ending.IsCompleted ? "" : null;
        });

        await ending;
        await truncated.Exited.WaitAsync(Patience.Limit);
        Assert.Empty(ProcessSession.Members(left.ProcessId));
        Assert.NotEmpty(ProcessSession.Members(another.ProcessId));
        Assert.Empty(Records.All());
        another.Kill();
        await another.Exited;
    }

    [Fact]
    public async Task Gets_no_signal_for_an_earlier_one_that_had_its_number()
    {
        var process = await Start("echo ready; sleep 1000 & wait", []);
        await Until(() => _printed.FirstOrDefault());
        var started = ProcessTable.Find(process.ProcessId)!.Value.StartedAt;
        Assert.Equal(0, ProcessSession.Signal(process.ProcessId, started - 1, NativeProcess.SIGKILL));
        Assert.Empty(ProcessSession.Members(process.ProcessId, started - 1));
        Assert.True(process.IsAlive);

        Assert.Equal(2, ProcessSession.Signal(process.ProcessId, started, NativeProcess.SIGKILL));
        await process.Exited;
    }

    [Fact]
    public async Task That_cannot_be_ended_keeps_no_successor_from_starting_and_stays_recorded()
    {
        var left = await Start("trap '' TERM; echo ready; sleep 1000 & wait; wait", []);
        await Until(() => _printed.FirstOrDefault());
        // The time is up before it is killed.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        await new OrphanedProcesses(Records, new(time), time).End(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
        Assert.Equal(left.ProcessId, Assert.Single(Records.All()).ProcessId);
        left.Kill();
        await left.Exited;
    }

    [Fact]
    public async Task That_listens_elsewhere_is_known_by_its_sockets()
    {
        await using var sample = await SampleProcess.Start();
        Assert.Empty(ListeningSockets.OwnedBy(int.MaxValue));
        var session = ProcessTable.Find(sample.ProcessId)!.Value.Session;
        Assert.Contains(new(IPAddress.Loopback, sample.Port), ListeningSockets.OwnedBy(session));
        Assert.Contains(new(IPAddress.Loopback, sample.Port), ListeningSockets.ElsewhereThan(FreePort.Take(), session));
    }

    [Fact]
    public async Task That_listens_where_it_was_told_is_not_elsewhere()
    {
        await using var sample = await SampleProcess.Start();
        var session = ProcessTable.Find(sample.ProcessId)!.Value.Session;
        Assert.NotEmpty(ListeningSockets.OwnedBy(session));
        Assert.Empty(ListeningSockets.ElsewhereThan(sample.Port, session));
    }

    [Fact]
    public async Task That_cannot_be_recorded_is_ended()
    {
        // There can't be a folder for the records.
        await File.WriteAllTextAsync(_home.Home.Processes, "");
        await Assert.ThrowsAsync<IOException>(() => Start("sleep 1000 & sleep 1000", [], "web-unrecorded"));
        await Until(() => ProcessTable.All().Any(p => p.Parent == Environment.ProcessId && !p.IsDead && MayBe("web-unrecorded", p.Id))
            ? null : "ended");
    }

    /// <summary>Determines whether a child of this process has this name; for a moment, the kernel doesn't show one that starts.</summary>
    private static bool MayBe(string id, int process)
    {
        try
        {
            var variables = File.ReadAllText($"/proc/{process}/environ");
            return variables.Length == 0
                || variables.Contains($"{ProcessStart.NameVariable}={id}\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<ServiceProcess> Start(string script, Dictionary<string, string> environment, string id = "web-1") =>
        await new ServiceProcessStarter(_launcher, BuiltTool.Command, Records, TimeProvider.System)
            .Start(new(id, ["/bin/sh", "-c", script], _home.Home.Folder, environment),
                (line, isError) => _printed.Enqueue(isError ? $"error: {line}" : line));

    private static async Task<string> Until(Func<string?> find)
    {
        string? found = null;
        await Patience.Until(() => (found = find()) is not null);
        return found!;
    }
}
