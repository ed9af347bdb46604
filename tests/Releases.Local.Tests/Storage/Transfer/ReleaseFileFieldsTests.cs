using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Releases.Local.Tests.Storage.Artifacts;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>Release files whose digests are right and whose record says what no rack has exported.</summary>
public sealed class ReleaseFileFieldsTests : TransferTest
{
    private const string Blobs = "blobs/sha256/";

    private readonly List<(string Name, byte[] Content)> _entries = [];
    private string _record = "";

    [Theory]
    [InlineData("content", "null", "lacks its files")]
    [InlineData("artifact.digest", "\"x\"", "has an artifact without a valid digest")]
    [InlineData("artifact.digest", "\"sha256:../../../x\"", "has an artifact without a valid digest")]
    [InlineData("artifact.entryPoint", "\"../../x\"", "has a program that isn't in its folder")]
    [InlineData("artifact.entryPoint", "\"/bin/sh\"", "has a program that isn't in its folder")]
    [InlineData("artifact.kind", "\"image\"", "has an image without a reference")]
    public async Task A_service_that_is_incomplete_or_leads_elsewhere_is_refused(string field, string value, string fault)
    {
        await Read();
        var release = JsonNode.Parse(_record)!;
        var parts = field.Split('.');
        var parent = parts[..^1].Aggregate(release["services"]!["web"]!, (node, part) => node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);
        await Write(release.ToJsonString());

        var refused = await Assert.ThrowsAsync<ProblemException>(() => Import());

        Assert.Equal((ProblemCode.ReleaseFile, $"'{ReleaseFile}' isn't a whole release file: its service web {fault}. Nothing was stored."),
            (refused.Problems[0].Code, refused.Problems[0].Text));
        Assert.Empty(StoreChecker.Artifacts(OtherHome));
    }

    [Fact]
    public async Task Whatever_a_field_says_the_file_is_refused_with_a_problem_or_becomes_a_sound_release()
    {
        await Read();
        foreach (var path in Paths(JsonNode.Parse(_record)!))
        {
            foreach (var value in (string[])["null", "\"\"", "\"../x\"", "-1", "{}", "[null]", "{\"x\":null}"])
            {
                await Write(With(path, value));
                var app = AppName.Parse($"a{Guid.NewGuid():n}"[..30]);
                try
                {
                    var imported = (await Import(app)).Release;
                    await using var rack = To();
                    var stored = await rack.Store.RequireRelease(imported.App, imported.Id, Cancel);
                    foreach (var service in stored.Services.Values)
                        Assert.Null(await rack.Artifacts.Verify(service.Artifact!, Cancel));
                }
                catch (ProblemException)
                {
                    // This is what a file with such a field is expected to lead to.
                }
                catch (Exception bug)
                {
                    throw new InvalidOperationException($"{path} is {value}: {bug.Message}", bug);
                }
            }
        }

        Assert.Empty(StoreChecker.Faults(OtherHome));
    }

    private static IEnumerable<string> Paths(JsonNode node) => node switch
    {
        JsonObject fields => fields.Where(f => f.Value is not null).SelectMany(f => Paths(f.Value!).Prepend(f.Value!.GetPath())),
        JsonArray items => items.OfType<JsonNode>().SelectMany(i => Paths(i).Prepend(i.GetPath())),
        _ => [],
    };

    private string With(string path, string value)
    {
        var release = JsonNode.Parse(_record)!;
        var place = Nodes(release).Single(n => n.GetPath() == path);
        if (place.Parent is JsonObject fields) fields[place.GetPropertyName()] = JsonNode.Parse(value);
        else place.Parent!.AsArray()[place.GetElementIndex()] = JsonNode.Parse(value);
        return release.ToJsonString();
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => (node switch
    {
        JsonObject fields => fields.Select(f => f.Value).OfType<JsonNode>(),
        JsonArray items => items.OfType<JsonNode>(),
        _ => [],
    }).SelectMany(inner => Nodes(inner).Prepend(inner));

    /// <summary>Exports a release and reads its record.</summary>
    private async Task Read()
    {
        var digest = (await Export()).Digest;
        await using var file = File.OpenRead(ReleaseFile);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync(copyData: true, Cancel) is { } entry)
        {
            using var content = new MemoryStream();
            if (entry.DataStream is { } data) await data.CopyToAsync(content, Cancel);
            _entries.Add((entry.Name, content.ToArray()));
        }

        _record = Encoding.UTF8.GetString(_entries.Single(e => e.Name == Blobs + digest["sha256:".Length..]).Content);
    }

    /// <summary>Writes the file with this record instead, whose digest the index names.</summary>
    private async Task Write(string record)
    {
        var (was, content) = (OciPieces.DigestOf(Encoding.UTF8.GetBytes(_record)), Encoding.UTF8.GetBytes(record));
        var becomes = OciPieces.DigestOf(content);
        await using var file = File.Create(ReleaseFile);
        await using var tar = new TarWriter(file);
        foreach (var (name, old) in _entries)
        {
            var isRecord = name == Blobs + was["sha256:".Length..];
            var changed = isRecord ? content
                : name == "index.json" ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(old).Replace(was, becomes, StringComparison.Ordinal))
                : old;
            await tar.WriteEntryAsync(
                new GnuTarEntry(TarEntryType.RegularFile, isRecord ? Blobs + becomes["sha256:".Length..] : name)
                { DataStream = new MemoryStream(changed) }, Cancel);
        }
    }
}
