using Releases.Local.Tests.Processes;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

/// <summary>What commands that only read make of a folder in which there is no rack.</summary>
public sealed class AbsentRackTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(0, "apps")]
    [InlineData(0, "rack")]
    [InlineData(0, "rack", "stop")]
    [InlineData(1, "releases")]
    [InlineData(1, "services")]
    [InlineData(1, "ps")]
    [InlineData(1, "logs")]
    [InlineData(1, "env")]
    [InlineData(1, "run", "web", "--", "true")]
    [InlineData(0, "__complete", "19", "convox promote --to ")]
    public async Task Nothing_is_created_by_a_look(int code, params string[] words)
    {
        Directory.CreateDirectory(_home.Home.Folder);
        var user = Path.Combine(_home.Home.Folder, "user");
        Directory.CreateDirectory(user);
        string?[] racks = words[0] == "__complete" ? [null] : [null, $"local:{_home.Home.Folder}/mistyped"];
        foreach (var rack in racks)
        {
            using var tool = StartedTool.Start(
                user, new Dictionary<string, string> { ["HOME"] = user }, rack is null ? words : ["--rack", rack, .. words]);
            var (ended, talk) = await tool.End(Cancel);
            Assert.Equal((code, talk), (ended, talk));
        }

        Assert.Equal([user], Directory.GetFileSystemEntries(_home.Home.Folder));
        Assert.Empty(Directory.GetFileSystemEntries(user));
    }

    [Fact]
    public async Task A_folder_that_was_named_is_named_as_one_without_a_rack_and_a_new_users_home_is_just_empty()
    {
        Directory.CreateDirectory(_home.Home.Folder);
        var absent = Path.Combine(_home.Home.Folder, "mistyped");
        var note = $"note: there is no rack in '{absent}' yet; the first deploy to it creates one.\n";
        Assert.StartsWith(note, await Talk("HOME", _home.Home.Folder, "apps", "--rack", $"local:{absent}"), StringComparison.Ordinal);
        Assert.StartsWith(note, await Talk("CONVOX_HOME", absent, "releases"), StringComparison.Ordinal);
        Assert.DoesNotContain("note:", await Talk("CONVOX_HOME", absent, "releases", "--json"), StringComparison.Ordinal);
        Assert.Equal(
            "local has no apps yet. Create one with the first deploy: dotnet convox deploy\n",
            await Talk("HOME", _home.Home.Folder, "apps"));
    }

    [Fact]
    public async Task A_reader_sees_the_rack_that_is_created_while_it_is_open_and_its_own_first_write_creates_one()
    {
        await using var reader = LocalRack.OpenToRead(_home.Home, "local:x", TimeProvider.System);
        Assert.Empty(await reader.Store.ListApps(Cancel));
        Assert.NotNull(reader.Absence);
        await using (var writer = SqliteReleaseStore.OpenOrEmpty(_home.Home))
        {
            await writer.App(cancel: Cancel);
            Assert.Single(await writer.ListApps(Cancel));
        }

        Assert.Single(await reader.Store.ListApps(Cancel));
        Assert.Null(reader.Absence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("below/it")]
    public void A_file_and_a_folder_below_one_cannot_be_a_home(string below)
    {
        File.WriteAllText(_home.Home.Folder, "");
        var refused = Assert.Throws<ProblemException>(
            () => SqliteReleaseStore.OpenOrEmpty(new(Path.Combine(_home.Home.Folder, below))));
        Assert.Equal(ProblemCode.HomeNotWritable, refused.Problems[0].Code);
        File.Delete(_home.Home.Folder);
    }

    private async Task<string> Talk(string variable, string value, params string[] words)
    {
        using var tool = StartedTool.Start(_home.Home.Folder, new Dictionary<string, string> { [variable] = value }, words);
        return (await tool.End(Cancel)).Talk;
    }
}
