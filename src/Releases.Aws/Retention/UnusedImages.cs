using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Represents an image in ECR.</summary>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Bytes">Its size in bytes, including layers that it shares with other images.</param>
internal sealed record StoredImage(string Repository, string Digest, long Bytes);

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
    /// Returns those of the images that exist in ECR and were tagged only by builds of this app. A tag that isn't the id of a build of the
    /// app was set by something else: another rack, another app, or a person.
    /// </summary>
    public async Task<IReadOnlyList<StoredImage>> Find(AppName app, IEnumerable<ImageReference> images, CancellationToken cancel)
    {
        var found = new List<StoredImage>();
        foreach (var repository in images.GroupBy(i => i.Repository))
        {
            var wanted = repository.Select(i => i.Digest).ToHashSet(StringComparer.Ordinal);
            await foreach (var image in List(repository.Key, cancel))
                if (image.Text("imageDigest") is { } digest && wanted.Contains(digest)
                    && await IsOnly(app, image.Texts("imageTags"), cancel))
                    found.Add(new(repository.Key, digest, image.Long("imageSizeInBytes")));
        }

        return found;
    }

    /// <summary>Removes images with their tags. A missing one was already removed by another process.</summary>
    public async Task Remove(IReadOnlyList<StoredImage> images, CancellationToken cancel)
    {
        foreach (var repository in images.GroupBy(i => i.Repository))
            foreach (var some in repository.Chunk(MaxPerDelete))
                await ecr.Repeat("BatchDeleteImage", new()
                {
                    ["repositoryName"] = repository.Key,
                    ["imageIds"] = JsonReading.List(some.Select(i => new JsonObject { ["imageDigest"] = i.Digest })),
                }, cancel);
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
