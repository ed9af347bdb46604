using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Represents an image in ECR.</summary>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Bytes">Its size in bytes, including layers that it shares with other images.</param>
internal sealed record StoredImage(string Repository, string Digest, long Bytes)
{
    /// <summary>Gets whether it belongs to an image for several platforms. ECR keeps it as long as that one exists.</summary>
    public bool IsOfPlatform { get; init; }
}

/// <summary>Finds and removes images that no release refers to any longer.</summary>
internal sealed class UnusedImages(JsonService ecr, IReleaseStore store)
{
    private const int MaxPerPage = 1000;
    private const int MaxPerDelete = 100;

    /// <summary>Determines whether an image is in a repository that was created by publishing.</summary>
    public static bool Owns(Artifact artifact) =>
        ImageReference.Parse(artifact.Reference) is { } image && AwsNames.IsRepository(image.Repository);

    /// <summary>Returns the images of a release that belong to the rack.</summary>
    public static IEnumerable<ImageReference> Of(Release release) => release.Services.Values.Select(s => s.Artifact).OfType<Artifact>()
        .Where(Owns).Select(a => ImageReference.Parse(a.Reference)!);

    /// <summary>
    /// Returns those of the images that exist in ECR and were tagged only by builds of this app, with the images of their platforms. A tag
    /// that isn't the id of a build of the app was set by something else: another rack, another app, or a person.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="images">The images that are no longer needed.</param>
    /// <param name="kept">The digests of those that are.</param>
    /// <param name="cancel">A token that cancels the search.</param>
    public async Task<IReadOnlyList<StoredImage>> Find(
        AppName app, IEnumerable<ImageReference> images, IReadOnlySet<string> kept, CancellationToken cancel)
    {
        var found = new List<StoredImage>();
        foreach (var repository in images.Where(i => !kept.Contains(i.Digest)).GroupBy(i => i.Repository, i => i.Digest))
        {
            var wanted = repository.ToHashSet(StringComparer.Ordinal);
            var stored = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
            await foreach (var image in List(repository.Key, cancel)) stored[image.Text("imageDigest")!] = image;
            foreach (var digest in wanted)
                if (stored.TryGetValue(digest, out var image) && await IsOnly(app, image.Texts("imageTags"), cancel))
                    found.AddRange(await WithPlatforms(image));

            async Task<IEnumerable<StoredImage>> WithPlatforms(JsonObject image)
            {
                var digest = image.Text("imageDigest")!;
                if (!OciTypes.IsIndex(image.Text("imageManifestMediaType")))
                    return [new(repository.Key, digest, image.Long("imageSizeInBytes"))];
                var parts = new List<StoredImage>();
                foreach (var part in await Platforms(repository.Key, digest, cancel))
                    if (!kept.Contains(part) && !wanted.Contains(part) && stored.TryGetValue(part, out var own)
                        && await IsOnly(app, own.Texts("imageTags"), cancel))
                        parts.Add(new(repository.Key, part, own.Long("imageSizeInBytes")) { IsOfPlatform = true });
                // The size of an index is that of its largest image.
                return [new(repository.Key, digest, parts.Count > 0 ? 0 : image.Long("imageSizeInBytes")), .. parts];
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>
    /// Removes images with their tags. A missing one was already removed by another process, and ECR keeps the image of a platform that
    /// belongs to another image too. Fails if ECR keeps any other, after trying all of them.
    /// </summary>
    public async Task Remove(IReadOnlyList<StoredImage> images, CancellationToken cancel)
    {
        var answers = new List<(string Repository, JsonObject Answer)>();
        foreach (var repository in images.OrderBy(i => i.IsOfPlatform).GroupBy(i => (i.Repository, i.IsOfPlatform)))
            foreach (var some in repository.Chunk(MaxPerDelete))
                answers.Add((repository.Key.Repository, (await ecr.Repeat("BatchDeleteImage", new()
                {
                    ["repositoryName"] = repository.Key.Repository,
                    ["imageIds"] = JsonReading.List(some.Select(i => new JsonObject { ["imageDigest"] = i.Digest })),
                }, cancel)).Output));
        foreach (var (repository, answer) in answers)
            EcrFailures.Require(answer, "delete", repository, EcrFailures.NotFound, "ImageReferencedByManifestList");
    }

    /// <summary>Returns the digests of the images to which an index refers.</summary>
    private async Task<IEnumerable<string>> Platforms(string repository, string digest, CancellationToken cancel)
    {
        var read = await ecr.Read("BatchGetImage", new()
        {
            ["repositoryName"] = repository,
            ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = digest }),
            ["acceptedMediaTypes"] = JsonReading.List(OciTypes.Manifests.Select(t => JsonValue.Create(t))),
        }, cancel);
        return EcrFailures.Image(read.Output, repository).Text("imageManifest") is { } manifest
            ? JsonNode.Parse(manifest).Objects("manifests").Select(m => m.Text("digest")).OfType<string>() : [];
    }

    private async IAsyncEnumerable<JsonObject> List(string repository,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        string? next = null;
        do
        {
            var input = new JsonObject { ["repositoryName"] = repository, ["maxResults"] = MaxPerPage };
            if (next is not null) input["nextToken"] = next;
            if (await Page(input, cancel) is not { } page) yield break;
            foreach (var image in page.Objects("imageDetails")) yield return image;
            next = page.Text("nextToken");
        }
        while (next is not null);
    }

    /// <summary>Returns a page of images, or null if the repository no longer exists.</summary>
    private async Task<JsonObject?> Page(JsonObject input, CancellationToken cancel)
    {
        try
        {
            return (await ecr.Read("DescribeImages", input, cancel)).Output;
        }
        catch (AmazonServiceException gone) when (gone.ErrorCode == "RepositoryNotFoundException")
        {
            return null;
        }
    }

    private async Task<bool> IsOnly(AppName app, IEnumerable<string> tags, CancellationToken cancel)
    {
        foreach (var tag in tags)
            if (!BuildId.TryParse(tag, null, out var build) || await store.FindBuild(app, build, cancel) is null) return false;
        return true;
    }
}
