using System.Text;
using Microsoft.Data.Sqlite;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

/// <summary>A publish whose convox.yml is refused leaves a failed build in a real home, and not a byte more.</summary>
public sealed class RefusedPublishes : IDisposable
{
    private const int Wanted = 60;

    private readonly TemporaryHome _home = new();
    private readonly DirectoryInfo _app = Directory.CreateTempSubdirectory("app-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _home.Dispose();
        _app.Delete(recursive: true);
    }

    [Fact]
    public async Task Leave_a_failed_build_with_its_reason_and_nothing_else()
    {
        await using var rack = LocalRack.Open(
            _home.Home, "local", TimeProvider.System, _ => new FakeRunning(), s => new RecordingDriver(s));
        await Publish(rack, "services: { web: {} }");
        var (before, refused) = (Everything(), 0);
        foreach (var text in new ManifestTexts(20261127).Take(Wanted * 10).Select(InAFile)
            .Where(t => ManifestReader.Read(t, "convox.yml").Manifest is null).Take(Wanted))
        {
            refused++;
            var thrown = await Assert.ThrowsAsync<ProblemException>(() => Publish(rack, text));
            Assert.True(thrown.Is(ProblemCode.Manifest));
            Assert.Equal(before, Everything());
        }

        Assert.Equal(Wanted, refused);
        var builds = await rack.Store.ListBuilds(A.App, Wanted * 2, Cancel);
        Assert.Equal(1 + Wanted, builds.Count);
        Assert.All(builds.SkipLast(1),
            b => Assert.True(b is { Status: BuildStatus.Failed, Reason.Length: > 0 and < 100_000, EndedAt: not null, Release: null }));
    }

    [Fact]
    public async Task Are_refused_too_where_the_file_is_no_UTF_8_as_a_release_has_it_word_for_word()
    {
        await using var rack = LocalRack.Open(
            _home.Home, "local", TimeProvider.System, _ => new FakeRunning(), s => new RecordingDriver(s));
        await File.WriteAllBytesAsync(Path.Combine(_app.FullName, "convox.yml"), [.. "services: { web: {} } # caf"u8, 0xE9], Cancel);
        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() => Publish(rack))).Problems);
        Assert.Equal((ProblemCode.Manifest, "the file isn't UTF-8 text."), (problem.Code, problem.Message));
        Assert.Empty(await rack.Store.ListReleases(A.App, 10, cancel: Cancel));
    }

    private async Task Publish(LocalRack rack, string manifest)
    {
        await File.WriteAllTextAsync(Path.Combine(_app.FullName, "convox.yml"), manifest, Cancel);
        await Publish(rack);
    }

    private async Task Publish(LocalRack rack)
    {
        var output = _app.CreateSubdirectory("out").FullName;
        await File.WriteAllTextAsync(Path.Combine(output, "Hello.dll"), "hello", Cancel);
        var project = Path.Combine(_app.FullName, "Hello.csproj");
        await new CreateRelease(rack, TimeProvider.System)
            .FromBuild(new(A.App, _app.FullName, [new(new(project, A.Web, true), output, "Hello")], "a build", null, A.Person), Cancel);
    }

    /// <summary>As a file has it: halves of characters are none there, and the mark of its encoding is not part of its text.</summary>
    private static string InAFile(string text)
    {
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return reader.ReadToEnd();
    }

    /// <summary>Every row of the store but the builds, and every file beside it.</summary>
    private string Everything()
    {
        using var connection = new SqliteConnection($"Data Source={_home.Home.Database};Pooling=False");
        connection.Open();
        var rows = SqliteQueries(connection,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'builds' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .SelectMany(table =>
                SqliteQueries(connection, $"SELECT * FROM {table} ORDER BY 1, 2").Select(row => $"{table}: {row}").Prepend(table));
        var files = Directory.EnumerateFiles(_home.Home.Folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(_home.Home.Database, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {new FileInfo(f).Length}");
        return string.Join('\n', rows.Concat(files));
    }

    private static List<string> SqliteQueries(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names come from the database's own list.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
            .Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString())));
        return rows;
    }
}
