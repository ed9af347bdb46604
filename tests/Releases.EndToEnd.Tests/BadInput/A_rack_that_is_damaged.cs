using Microsoft.Data.Sqlite;
using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

[Collection("racks")]
public sealed class A_rack_that_is_damaged : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n";

    private readonly TestRack _rack = new();
    private Release _active = null!;
    private ReleaseId _latest;

    public async ValueTask InitializeAsync()
    {
        _active = await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        _latest = await _rack.Set("GREETING=next");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Theory]
    [InlineData(true, "is missing")]
    [InlineData(false, "was changed after it was stored")]
    public async Task In_an_artifact_promotes_nothing_and_goes_on_serving(bool missing, string sentence)
    {
        var artifact = Path.Combine(_rack.Home, "artifacts", _active.Services.Values.Single().Artifact!.Digest.ToString().Split(':')[^1]);
        Assert.True(Directory.Exists(artifact), artifact);
        if (missing)
        {
            Directory.Move(artifact, artifact + "-elsewhere");
        }
        else
        {
            var file = Directory.GetFiles(artifact, "*.runtimeconfig.json", SearchOption.AllDirectories)[0];
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.AppendAllTextAsync(file, "\n");
        }

        var run = await _rack.Run("promote");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("error CONVOX0008: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Contains("nothing changed", run.Error, StringComparison.Ordinal);
        Assert.Equal(_active.Id, await _rack.Active());
        Assert.StartsWith(_active.Id.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
        if (missing) Directory.Move(artifact + "-elsewhere", artifact);
    }

    [Fact]
    public async Task In_its_database_is_named_and_left_as_it_is()
    {
        var pid = (await _rack.Processes("web"))[0];
        await _rack.Do("rack", "stop");
        var garbage = Enumerable.Repeat((byte)'x', 5000).ToArray();
        await File.WriteAllBytesAsync(Path.Combine(_rack.Home, "rack.db"), garbage);
        foreach (var command in (string[][])[["releases"], ["promote"], ["env", "set", "A=1"], ["ps"]])
        {
            var run = await _rack.Run(command);
            Assert.True(run.ExitCode == 1, run.All);
            Assert.Contains("error CONVOX0007: the rack's database", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(garbage, await File.ReadAllBytesAsync(Path.Combine(_rack.Home, "rack.db")));
        Assert.False(TestRack.Lives(pid));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("folder")]
    public async Task In_its_database_is_shown_and_stopped_and_restored(string how)
    {
        var (backup, database) = (Path.Combine(_rack.AppFolder, "rack.backup"), Path.Combine(_rack.Home, "rack.db"));
        await _rack.Do("rack", "backup", backup);
        var daemon = await _rack.DaemonProcess();
        foreach (var part in (string[])["", "-wal", "-shm"]) File.Delete(database + part);
        if (how == "folder") Directory.CreateDirectory(database);
        else await File.WriteAllTextAsync(database, "garbage");

        Assert.Equal(1, (await _rack.Run("releases")).ExitCode);
        Assert.Equal(daemon, await _rack.DaemonProcess());
        var running = await _rack.Run("rack", "restore", backup, "--replace");
        Assert.Equal(1, running.ExitCode);
        Assert.Contains("Stop it: dotnet convox rack stop", running.Error, StringComparison.Ordinal);
        var stopped = await _rack.Run("rack", "stop");
        Assert.True(stopped.ExitCode == 0, stopped.All);
        Assert.StartsWith("Stopped the rack and its services.", stopped.Error, StringComparison.Ordinal);
        Assert.False(TestRack.Lives(daemon));
        Assert.Contains("The damaged database was kept as ", (await _rack.Run("rack", "restore", backup, "--replace")).Error,
            StringComparison.Ordinal);
        await _rack.Do("rack", "start");
        Assert.StartsWith(_active.Id.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_newer_version_can_be_read_as_far_as_that_one_allows()
    {
        Change("UPDATE rack SET writer = 99");
        var refused = await _rack.Run("env", "set", "A=1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("error CONVOX0006: the rack in", refused.Error, StringComparison.Ordinal);
        Assert.Contains("It can still be read. Update this tool: dotnet tool update dotnet-convox", refused.Error,
            StringComparison.Ordinal);
        Assert.Equal(2, (await _rack.Json("releases")).GetArrayLength());
        Assert.StartsWith(_active.Id.ToString(), await _rack.Get("/"), StringComparison.Ordinal);

        Change("UPDATE rack SET reader = 99");
        var unreadable = await _rack.Run("releases");
        Assert.Equal(1, unreadable.ExitCode);
        // What needs no records works.
        Assert.Equal("running", (await _rack.Json("rack")).GetProperty("status").GetString());
        Assert.Contains($"can't be read or changed by {ToolVersion.Text}. Running services aren't affected", unreadable.Error,
            StringComparison.Ordinal);
        Change("UPDATE rack SET reader = 1, writer = 1");
        await _rack.Do("promote");
        Assert.Equal(_latest, await _rack.Active());
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_rack.Home, "rack.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
