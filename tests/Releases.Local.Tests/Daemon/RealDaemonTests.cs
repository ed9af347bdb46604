using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What starts a daemon and what one finds to do, with the real tool.</summary>
public sealed class RealDaemonTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _home.Dispose();
    }

    [Fact]
    public async Task No_daemon_is_started_by_looking_also_after_one_was_killed_and_a_start_brings_it_back()
    {
        await using (var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System)) await rack.Store.Release(cancel: Cancel);
        foreach (var killed in (bool[])[false, true])
        {
            if (killed)
            {
                Assert.Equal(0, await Tool("rack", "start"));
                var daemon = Daemon();
                _ = NativeProcess.kill(daemon!.Value, NativeProcess.SIGKILL);
                await Patience.Until(() => ProcessTable.Find(daemon.Value) is null or { IsDead: true });
                Assert.True(File.Exists(_home.Home.DaemonState));
            }

            foreach (var words in (string[])["apps", "apps info hello", "builds", "env", "events", "logs", "promotions", "ps", "rack",
                "releases", "releases info v1", "scale", "services"])
            {
                Assert.Equal(0, await Tool([.. words.Split(' '),
                    .. words.StartsWith("apps", StringComparison.Ordinal) || words == "rack" ? Array.Empty<string>() : ["-a", "hello"]]));
                Assert.Null(Daemon());
            }
        }

        Assert.Equal(0, await Tool("rack", "start"));
        Assert.NotNull(Daemon());
    }

    [Fact]
    public async Task The_metrics_do_not_get_the_port_of_the_router()
    {
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        Assert.Equal(0, await Tool("rack", "start"));
        var router = (await rack.Status(Cancel)).RouterPort!.Value;
        var refused = await Assert.ThrowsAsync<ProblemException>(() => rack.Daemon!.ServeMetrics(router, Cancel));
        Assert.Equal(
            $"port {router} is the rack's router; nothing changed. Choose another: dotnet convox rack metrics --port 9464",
            refused.Problems[0].Sentence);
        Assert.Null(rack.Daemon!.MetricsAddress);
    }

    [Fact]
    public async Task A_promotion_whose_command_was_killed_before_it_asked_the_daemon_is_driven()
    {
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        var release = await rack.Store.Release(cancel: Cancel);
        Assert.Equal(0, await Tool("rack", "start"));
        var begun = A.Promotion(release);
        await rack.Store.BeginPromotion(begun, "a command", A.Event(EventKind.PromotionStarted, release.Id, begun.Id), Cancel);
        await Patience.Until(async () => (await rack.Store.FindPromotion(release.App, begun.Id, Cancel))!.Ended);
    }

    [Fact]
    public async Task Apps_whose_records_are_damaged_or_of_a_newer_version_do_not_keep_the_others_from_running()
    {
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        foreach (var (kind, document) in ((string, string)[])[("newer", """{"format": 99, "status": "other"}"""), ("damaged", "{")])
            foreach (var table in (string[])["apps", "releases", "promotions", "locks"])
                await Broken(rack, AppName.Parse($"{kind}-{table}"), table, document);
        var whole = await rack.Store.Release(AppName.Parse("whole"), cancel: Cancel);
        var open = A.Promotion(whole);
        await rack.Store.BeginPromotion(open, "a command", A.Event(EventKind.PromotionStarted, whole.Id, open.Id), Cancel);

        // The command then lists the apps, and reports the unreadable ones.
        await Tool("rack", "start");

        await Patience.Until(async () => (await rack.Store.FindPromotion(whole.App, open.Id, Cancel))!.Ended);
        var next = A.Promotion(whole);
        await rack.Store.BeginPromotion(next, "a command", A.Event(EventKind.PromotionStarted, whole.Id, next.Id), Cancel);
        await Patience.Until(async () => (await rack.Store.FindPromotion(whole.App, next.Id, Cancel))!.Ended);
        Assert.Equal(0, await Tool("rack", "stop"));
        Assert.EndsWith(" stopped\n", await File.ReadAllTextAsync(_home.Home.DaemonLog, Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("incomplete")]
    [InlineData("damaged")]
    public async Task A_rollback_to_a_release_that_cannot_be_restored_is_stuck_instead_of_claiming_that_it_is_back(string lost)
    {
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        // A release without a manifest is incomplete.
        var active = await rack.Store.Release(cancel: Cancel);
        await rack.Store.Promoted(active, cancel: Cancel);
        var next = await rack.Store.Release(cancel: Cancel);
        var open = A.Promotion(next, PromotionStatus.RollingBack, active.Id) with
        {
            Reason = "web was slow.",
            RollbackDeadline = DateTimeOffset.UtcNow.AddHours(1),
        };
        open = open with { Services = [.. open.Services.Select(s => s with { Status = ServiceStatus.RollingBack })] };
        await rack.Store.BeginPromotion(open, "a daemon", A.Event(EventKind.PromotionStarted, next.Id, open.Id), Cancel);
        if (lost == "damaged") await Damage("releases", "{", "id", $"{active.Id}");

        await Tool("rack", "start");

        var ended = open;
        await Patience.Until(async () => (ended = (await rack.Store.FindPromotion(next.App, open.Id, Cancel))!).Ended);
        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        var web = Assert.Single(ended.Services);
        Assert.Equal(ServiceStatus.Stuck, web.Status);
        Assert.StartsWith($"can't return to {active.Id}, which can't be restored: ", web.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_stopped_before_it_has_restored_everything_stops_as_usual()
    {
        HomeFolder.Create(_home.Home);
        await File.WriteAllTextAsync(_home.Home.DaemonState, "{}", Cancel);
        using var launcher = new ProcessLauncher();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The daemon waits for a process of an earlier one, which is asked to end and doesn't.
        var left = await new ServiceProcessStarter(launcher, BuiltTool.Command, new(_home.Home), TimeProvider.System).Start(
            new("web-1", ["/bin/sh", "-c", "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done"], _home.Home.Folder,
                new Dictionary<string, string>()),
            (line, _) =>
            {
                if (line == "ready") ready.TrySetResult();
                if (line == "asked") asked.TrySetResult();
            });
        // Until then, a signal ends it.
        await ready.Task.WaitAsync(Patience.Limit, Cancel);
        using var daemon = StartedTool.Start(
            _home.Home.Folder, new Dictionary<string, string>(), "__daemon", _home.Home.Folder, "local");
        await asked.Task.WaitAsync(Patience.Limit, Cancel);
        _ = NativeProcess.kill(daemon.ProcessId, NativeProcess.SIGTERM);

        Assert.EndsWith(" stopped\n", await new StreamReader(daemon.Output).ReadToEndAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal((0, ""), await daemon.End(Cancel));
        Assert.False(File.Exists(_home.Home.DaemonState));
        left.Kill();
        await left.Exited;
    }

    /// <summary>An app with an active release and an open promotion, and a table whose rows of it can't be read.</summary>
    private async Task Broken(LocalRack rack, AppName app, string table, string document)
    {
        var release = await rack.Store.Release(app, cancel: Cancel);
        await rack.Store.Promoted(release, cancel: Cancel);
        var open = A.Promotion(release, previous: release.Id);
        await rack.Store.BeginPromotion(open, "a command", A.Event(EventKind.PromotionStarted, release.Id, open.Id), Cancel);
        await Damage(table, document, table == "apps" ? "name" : "app", $"{app}");
    }

    private async Task Damage(string table, string document, string column, string value)
    {
        await using var database = new SqliteConnection($"Data Source={_home.Home.Database};Pooling=False");
        await database.OpenAsync(Cancel);
        await using var command = database.CreateCommand();
#pragma warning disable CA2100 // The test's own names.
        command.CommandText = $"UPDATE {table} SET document = $1 WHERE {column} = $2";
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$1", document);
        command.Parameters.AddWithValue("$2", value);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Cancel));
    }

    /// <summary>The daemon of the home that lives, by the system.</summary>
    private int? Daemon() => ProcessTable.All()
        .Where(p => !p.IsDead && Arguments(p.Id) is { } words && words.Contains("__daemon") && words.Contains(_home.Home.Folder))
        .Select(p => (int?)p.Id).FirstOrDefault();

    private static string[]? Arguments(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<int> Tool(params string[] words)
    {
        var start = new ProcessStartInfo(BuiltTool.Command.Program, [.. BuiltTool.Command.Arguments, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Home.Folder,
        };
        start.Environment["CONVOX_HOME"] = _home.Home.Folder;
        using var tool = Process.Start(start)!;
        var output = Task.WhenAll(tool.StandardOutput.ReadToEndAsync(Cancel), tool.StandardError.ReadToEndAsync(Cancel));
        await tool.WaitForExitAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', words) + "\n" + string.Concat(await output));
        return tool.ExitCode;
    }
}
