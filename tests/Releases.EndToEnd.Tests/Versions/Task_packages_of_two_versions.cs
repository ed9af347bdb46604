using Microsoft.Data.Sqlite;
using Releases.EndToEnd.Tests.Publishing;
using Xunit;

namespace Releases.EndToEnd.Tests.Versions;

/// <summary>A project that is published with the task package of one version and promoted by the tool of another, under whichever daemon
/// runs.</summary>
[Collection("racks")]
public sealed class Task_packages_of_two_versions(PackedPackages packages, LaterVersion later) : IAsyncLifetime
{
    private readonly Workspace _workspace = new(packages);

    public ValueTask InitializeAsync()
    {
        _workspace.AddProject("Storefront");
        _workspace.Write("convox.yml", "services:\n  web:\n    build: Storefront\n    port: 8080\n");
        _workspace.Write("Storefront/Program.cs", "var app = WebApplication.Create(args); app.MapGet(\"/\", () => \"open\"); app.Run();");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        var home = new Dictionary<string, string?> { ["CONVOX_HOME"] = _workspace.Home.Folder };
        await TestRack.Start(_workspace.Folder, home, ["rack", "stop"]).Ended;
        _workspace.Dispose();
    }

    [Fact]
    public async Task Make_releases_in_one_rack_that_tools_of_both_promote_and_are_refused_by_a_newer_one()
    {
        await Promoted(1, by: await later.Tool);
        _workspace.Uses(await later.Feed);
        await Promoted(2, by: TestRack.Tool);
        Assert.Equal(LaterVersion.Version, await DaemonVersion());
        _workspace.Uses(packages.Feed);
        await Promoted(3, by: await later.Tool);

        using (var database = new SqliteConnection($"Data Source={_workspace.Home.Database};Pooling=False"))
        {
            database.Open();
            using var raise = database.CreateCommand();
            raise.CommandText = "UPDATE rack SET writer = 2";
            raise.ExecuteNonQuery();
        }

        var refused = (await _workspace.Publish("Storefront", "--no-restore")).Failed();
        Assert.Matches(
            $"error CONVOX0006: the rack in '{_workspace.Home.Folder}' was written by a newer version and can't be changed by {ToolVersion.Text}. It can still be read. Update the package: dotnet package update Releases.Tasks",
            refused.Output);
        Assert.Equal(3, (await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10))).Count);
    }

    private async Task Promoted(long number, string by)
    {
        (await _workspace.Publish("Storefront", "-p:ConvoxPromote=true", $"-p:ConvoxToolPath={by}")).Succeeded();
        var (app, releases) = await _workspace.Use(async rack =>
            (await rack.Store.FindApp(AppName.Parse("shop")), await rack.Store.ListReleases(AppName.Parse("shop"), 1)));
        Assert.Equal((number, releases[0].Id), (releases[0].Number, app!.Active));
    }

    /// <summary>What the daemon that runs has left in the home of itself.</summary>
    private async Task<string> DaemonVersion()
    {
        using var state = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(_workspace.Home.DaemonState));
        return state.RootElement.GetProperty("version").GetString()!;
    }
}
