using Microsoft.Data.Sqlite;
using Xunit;

namespace Releases.EndToEnd.Tests.Versions;

/// <summary>
/// A newer version has raised the lowest format that may write, or read, as it would: in the row for that. Tool and daemon are below
/// it then. Both refuse with one sentence, nothing changes, and the running processes stay.
/// </summary>
[Collection("racks")]
public sealed class A_rack_that_newer_versions_alone_may_write : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private Uri _web = null!;

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n    health: /health\n", "web");
        await _rack.Do("promote");
        _web = await _rack.Address("web");
    }

    public async ValueTask DisposeAsync()
    {
        SetLowest("reader = 1, writer = 1");
        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task Is_shown_by_an_older_tool_and_goes_on_but_is_not_changed()
    {
        SetLowest("writer = 2");
        var (before, processes) = (Records(), await _rack.Processes("web"));

        foreach (var looking in (string[][])[["releases"], ["ps"], ["services"], ["promotions"], ["env"], ["rack"]])
            await _rack.Do(looking);
        const string tool = "It can still be read. Update this tool: dotnet tool update dotnet-convox\n";
        await Refuses(tool, "env", "set", "A=1");
        await Refuses(tool, "scale", "web", "2");
        await Refuses(tool, "apps", "create", "other");
        await Refuses(
            "It can still be read. Update the tool: dotnet tool update dotnet-convox. Then replace the daemon: dotnet convox rack restart\n", "promote");

        Assert.Equal(before, Records());
        Assert.Equal(processes, await _rack.Processes("web"));
        Assert.NotEmpty(await Answer());
    }

    [Fact]
    public async Task Or_read_is_refused_by_an_older_tool_while_what_runs_goes_on()
    {
        SetLowest("reader = 2, writer = 2");
        var (before, processes) = (Records(), _rack.LivingProcesses());

        foreach (var command in (string[][])[["releases"], ["promote"], ["rack", "restart"]])
            await Refuses("Running services aren't affected. Update this tool: dotnet tool update dotnet-convox\n", command);

        Assert.Equal(before, Records());
        Assert.Equal(processes, _rack.LivingProcesses());
        using var client = new HttpClient { BaseAddress = _web };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("/crash", UriKind.Relative)));
        await _rack.Until(() => Task.FromResult(_rack.LivingProcesses() is [var next] && !processes.Contains(next)),
            "the daemon restarts what crashed");
    }

    [Fact]
    public async Task Under_a_running_promotion_leaves_it_open_for_the_newer_version_to_end()
    {
        var active = await _rack.Active();
        var next = await _rack.Set("HEALTHY_AFTER=3");
        var promoting = _rack.Start("promote");
        await _rack.Until(async () => (await _rack.LastPromotion()).Status == PromotionStatus.RollingOut, "the rollout has begun");
        SetLowest("writer = 2");

        var left = await promoting.Ended;
        Assert.True(left.ExitCode == 4, left.All);
        Assert.Contains("error CONVOX0045: ", left.Error, StringComparison.Ordinal);
        Assert.Contains("was written by a newer version", left.Error, StringComparison.Ordinal);
        Assert.Contains("it is left open for the newer version to finish", left.Error, StringComparison.Ordinal);
        Assert.Contains("dotnet convox rack restart. Resume it: dotnet convox watch. Roll it back: dotnet convox cancel", left.Error,
            StringComparison.Ordinal);
        Assert.Equal(active, await _rack.Active());
        Assert.NotEmpty(await Answer());
        Assert.Contains("is left open for a newer version: ", _rack.DaemonLog(), StringComparison.Ordinal);

        // What a newer version would do: it may write.
        SetLowest("writer = 1");
        await _rack.Do("watch");
        Assert.Equal(next, await _rack.Active());
    }

    private async Task<string> Answer()
    {
        using var client = new HttpClient { BaseAddress = _web };
        return await client.GetStringAsync(new Uri("/", UriKind.Relative));
    }

    private async Task Refuses(string ending, params string[] command)
    {
        var refused = await _rack.Run(command);
        Assert.True(refused.ExitCode == 1, $"{string.Join(' ', command)}: {refused.ExitCode} {refused.All}");
        Assert.StartsWith($"error CONVOX0006: the rack in '{_rack.Home}' was written by a newer version and can't be ", refused.Error,
            StringComparison.Ordinal);
        Assert.EndsWith(ending, refused.Error, StringComparison.Ordinal);
        Assert.Equal("", refused.Out);
    }

    private void SetLowest(string formats)
    {
        using var database = Database();
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = $"UPDATE rack SET {formats}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Every row that a command could have changed.</summary>
    private List<string> Records()
    {
        using var database = Database();
        using var command = database.CreateCommand();
        command.CommandText = """
            SELECT document FROM apps UNION ALL SELECT document FROM releases UNION ALL SELECT document FROM builds
            UNION ALL SELECT document FROM promotions UNION ALL SELECT document FROM locks UNION ALL SELECT document FROM events
            """;
        using var rows = command.ExecuteReader();
        var records = new List<string>();
        while (rows.Read()) records.Add(rows.GetString(0));
        return records;
    }

    private SqliteConnection Database()
    {
        var database = new SqliteConnection($"Data Source={Path.Combine(_rack.Home, "rack.db")};Pooling=False");
        database.Open();
        return database;
    }
}
