using System.Text.Json;
using Xunit;

namespace Releases.Testing;

public abstract partial class ReleaseStoreContract
{
    [Fact]
    public async Task A_release_arrives_whole_with_all_that_belongs_to_it()
    {
        var app = await Store.App(cancel: Cancel);
        var manifest = ManifestId.Of("services: {}");
        var snapshot = SnapshotId.New();
        var release = A.Release(description: "über") with { Manifest = manifest, Environment = snapshot };
        var build = A.Build() with { Release = release.Id };

        Assert.True(await Store.TryAddRelease(
            new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), "services: {}", [1, 0, 255], build), Cancel));

        var stored = await Store.FindRelease(A.App, release.Id, Cancel);
        Assert.Equal(Json(release), Json(stored!));
        Assert.Equal(release.Id, (await Store.FindRelease(A.App, ReleaseReference.Parse("v1"), Cancel))!.Id);
        Assert.Equal("services: {}", await Store.ReadManifest(manifest, Cancel));
        Assert.Equal([1, 0, 255], await Store.ReadSnapshot(A.App, snapshot, Cancel));
        Assert.Equal(BuildStatus.Complete, (await Store.FindBuild(A.App, build.Id, Cancel))!.Status);
        Assert.Equal((1L, release.Id), ((await Store.FindApp(A.App, Cancel))!.LastNumber, (await Store.FindApp(A.App, Cancel))!.Latest));
        Assert.Equal(release.Id, (await Store.ListEvents(A.App, 1, Cancel))[0].Release);
    }

    [Fact]
    public async Task The_documents_of_a_release_come_back_whatever_their_size_and_go_with_the_app()
    {
        var app = await Store.App(cancel: Cancel);
        var release = A.Release();
        var (small, large) = (new EvidenceDocument(A.Artifact("small").Digest, [1, 0, 255]),
            new EvidenceDocument(A.Artifact("large").Digest, new byte[700_001]));
        large.Compressed[^1] = 7;
        Assert.Null(await Store.ReadDocument(A.App, small.Digest, Cancel));
        Assert.True(await Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id))
        { Documents = [small, large] }, Cancel));
        Assert.Equal(small.Compressed, await Store.ReadDocument(A.App, small.Digest, Cancel));
        Assert.Equal(large.Compressed, await Store.ReadDocument(A.App, large.Digest, Cancel));
        Assert.Null(await Store.ReadDocument(AppName.Parse("another"), small.Digest, Cancel));
        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        Assert.Null(await Store.ReadDocument(A.App, small.Digest, Cancel));
    }

    [Fact]
    public async Task A_release_of_many_projects_has_all_of_their_documents()
    {
        var app = await Store.App(cancel: Cancel);
        var release = A.Release();
        IReadOnlyList<EvidenceDocument> documents = [.. Enumerable.Range(0, 120)
            .Select(n => new EvidenceDocument(A.Artifact($"document {n}").Digest, [(byte)n])),
            .. Enumerable.Range(0, 5).Select(n => new EvidenceDocument(A.Artifact($"large {n}").Digest, new byte[1_000_000]))];
        Assert.True(await Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id))
        { Documents = [.. documents, documents[0]] }, Cancel));
        foreach (var document in documents)
            Assert.Equal(document.Compressed.Length, (await Store.ReadDocument(A.App, document.Digest, Cancel))!.Length);
    }

    [Fact]
    public async Task A_release_that_was_decided_on_what_is_not_the_latest_any_more_is_refused_and_leaves_nothing()
    {
        var first = await Store.Release(cancel: Cancel);
        var snapshot = SnapshotId.New();
        var late = A.Release(2) with { Environment = snapshot };
        var build = A.Build();

        Assert.False(await Store.TryAddRelease(new(late, null, A.Event(EventKind.ReleaseCreated), null, [1], build), Cancel));
        Assert.False(await Store.TryAddRelease(new(A.Release(1), first.Id, A.Event(EventKind.ReleaseCreated)), Cancel));
        Assert.False(await Store.TryAddRelease(new(A.Release(3), first.Id, A.Event(EventKind.ReleaseCreated)), Cancel));

        Assert.Single(await Store.ListReleases(A.App, 10, cancel: Cancel));
        Assert.Null(await Store.FindBuild(A.App, build.Id, Cancel));
        Assert.Equal(2, (await Store.ListEvents(A.App, 10, Cancel)).Count);
    }

    [Fact]
    public async Task Of_many_releases_at_once_every_one_arrives_and_the_numbers_have_no_gap()
    {
        await Store.App(cancel: Cancel);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(AddUntilItIsIn, Cancel)));

        var releases = await Store.ListReleases(A.App, 100, cancel: Cancel);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], releases.Select(r => r.Number));

        async Task AddUntilItIsIn()
        {
            while (true)
            {
                var app = await Store.FindApp(A.App, Cancel);
                var release = A.Release(app!.LastNumber + 1);
                if (await Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id)), Cancel)) return;
            }
        }
    }

    [Fact]
    public async Task Releases_are_paged_newest_first_and_apps_do_not_mix()
    {
        for (var i = 0; i < 5; i++) await Store.Release(cancel: Cancel);
        await Store.Release(AppName.Parse("other"), cancel: Cancel);

        Assert.Equal([5, 4], (await Store.ListReleases(A.App, 2, cancel: Cancel)).Select(r => r.Number));
        Assert.Equal([3, 2], (await Store.ListReleases(A.App, 2, below: 4, Cancel)).Select(r => r.Number));
        Assert.Equal([1], (await Store.ListReleases(A.App, 2, below: 2, Cancel)).Select(r => r.Number));
        Assert.Empty(await Store.ListReleases(A.App, 2, below: 1, Cancel));
        Assert.Null(await Store.FindRelease(A.App, ReleaseReference.Parse("v6"), Cancel));
        Assert.Null(await Store.FindRelease(A.App, ReleaseId.New(), Cancel));
    }

    [Fact]
    public async Task Fields_of_a_later_version_survive_a_read_and_a_write()
    {
        await Store.App(cancel: Cancel);
        var build = A.Build(BuildStatus.Running) with
        { Unknown = new Dictionary<string, JsonElement> { ["later"] = Element("""{"a":[1]}""") } };
        await Store.SaveBuild(build, Cancel);
        var read = await Store.FindBuild(A.App, build.Id, Cancel);
        await Store.SaveBuild(read! with { Status = BuildStatus.Complete }, Cancel);

        var again = await Store.FindBuild(A.App, build.Id, Cancel);
        Assert.Equal("""{"a":[1]}""", again!.Unknown!["later"].GetRawText());
    }

    private static string Json(Release release) => JsonSerializer.Serialize(release, StoreJson.Default.Release);

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
