using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Stores the images of a rack in ECR: one repository per service, with immutable tags, one for each build.</summary>
internal sealed class EcrImages : IArtifactStore
{
    private readonly JsonService _ecr;
    private readonly string _region;
    private readonly string? _registry;
    private readonly TimeProvider _time;

    internal EcrImages(JsonService ecr, string region, string? registry, TimeProvider time) =>
        (_ecr, _region, _registry, _time) = (ecr, region, string.IsNullOrEmpty(registry) ? null : registry, time);

    /// <inheritdoc/>
    public async Task<PushTarget?> ImageTarget(AppName app, ServiceName service, CancellationToken cancel = default) =>
        await Target(AwsNames.Repository(app, service), cancel);

    /// <summary>Returns a push target for a repository, with a login. Creates the repository if it doesn't exist.</summary>
    public Task<PushTarget> Target(string repository, CancellationToken cancel) => Translate(async () =>
    {
        var uri = await RepositoryUri(repository, cancel);
        return await Place(_registry ?? uri.Split('/')[0], repository, cancel);
    });

    /// <inheritdoc/>
    public ArtifactKind Kind => ArtifactKind.Image;

    /// <inheritdoc/>
    public async Task<IArtifactContent?> Open(Artifact artifact, CancellationToken cancel = default)
    {
        if (ImageReference.Parse(artifact.Reference) is not { } image || InEcr(image) is null) return null;
        var place = await Translate(() => Place(image.Registry, image.Repository, cancel));
        var registry = new RegistryClient(place, _time);
        try
        {
            return await RegistryProblems.Translate(place, () => RegistryImage.Open(registry, image.Digest, cancel))
                ?? throw Missing(image).ToException();
        }
        catch
        {
            registry.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Artifact> Receive(ArtifactDelivery delivery, CancellationToken cancel = default)
    {
        var place = (await ImageTarget(delivery.App, delivery.Service, cancel))!;
        if (delivery.Content.Root.Digest != delivery.Artifact.Digest)
            throw new Problem(
                ProblemCode.DamagedArtifact,
                $"the image of {delivery.Service} is {delivery.Content.Root.Digest[..19]}…, and {delivery.Artifact.Digest[..19]}… was "
                    + "recorded.",
                "Copy or export the release again.", Unchanged: Problem.NothingWasReleased).ToException();
        using var registry = new RegistryClient(place, _time);
        await RegistryProblems.Translate(place, async () =>
        {
            await new PushImage(registry).Run(delivery.Content, delivery.Build.ToString(), cancel);
            return true;
        });
        return delivery.Artifact with { Reference = $"{place}@{delivery.Artifact.Digest}" };
    }

    /// <inheritdoc/>
    public Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default) =>
        throw new InvalidOperationException("On AWS what was published is pushed as an image before it is released.");

    /// <inheritdoc/>
    public Task<Artifact?> Pin(string image, CancellationToken cancel = default) => Translate(async () =>
    {
        if (image.Contains("${", StringComparison.Ordinal)) return null;
        if (ImageReference.Parse(image) is not null) return Artifact.ImageOf(image);
        var (registry, repository, tag) = TaggedImage.Parse(image);
        var inEcr = registry == _registry ? null : EcrRepository.Of(image);
        if (registry is null || (registry != _registry && inEcr?.Region != _region))
            throw new Problem(
                AwsProblemCode.Refused,
                $"the image '{image}' of convox.yml isn't pinned by a digest, and its registry isn't ECR in {_region}, where its digest "
                    + "could be looked up.",
                "Name it by its digest, as <image>@sha256:…, or copy it into ECR.", Unchanged: Problem.NothingWasReleased).ToException();
        var input = new JsonObject { ["repositoryName"] = repository, ["imageIds"] = new JsonArray(new JsonObject { ["imageTag"] = tag }) };
        if (inEcr is not null) input["registryId"] = inEcr.Account;
        return (await Image(input, cancel))?["imageId"].Text("imageDigest") is { } digest
            ? Artifact.ImageOf($"{registry}/{repository}@{digest}")
            : throw new Problem(
                AwsProblemCode.Refused, $"the image '{image}' of convox.yml isn't in ECR.",
                "Push it, or use another tag.", Unchanged: Problem.NothingWasReleased).ToException();
    });

    /// <inheritdoc/>
    public async Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default)
    {
        if (artifact.Kind != ArtifactKind.Image || ImageReference.Parse(artifact.Reference) is not { } image)
            return new(
                ProblemCode.DamagedArtifact,
                $"{artifact.Reference ?? "What was published for another rack"} isn't an image with a digest, and ECS runs only those.",
                "Publish the service again with this rack, or name the image as <image>@sha256:… in convox.yml.");
        // Only ECS can check an image in another registry.
        if (InEcr(image) is not { } input) return null;
        input["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = image.Digest });
        try
        {
            return await Image(input, cancel) is null ? Missing(image) : null;
        }
        catch (AmazonServiceException gone) when (gone.ErrorCode == "RepositoryNotFoundException")
        {
            return Missing(image);
        }
        catch (ProblemException failed)
        {
            return failed.Problems[0];
        }
        catch (Exception failure) when (AwsProblems.From(failure, "ECR") is { } problem)
        {
            return problem;
        }
    }

    /// <summary>Returns the image, or null if ECR reports twice that it doesn't exist.</summary>
    private async Task<JsonObject?> Image(JsonObject input, CancellationToken cancel)
    {
        var repository = input.Text("repositoryName")!;
        return EcrFailures.Image((await _ecr.Read("BatchGetImage", input, cancel)).Output, repository)
            ?? EcrFailures.Image((await _ecr.ReadAfterPause("BatchGetImage", input, cancel)).Output, repository);
    }

    private async Task<string> RepositoryUri(string repository, CancellationToken cancel)
    {
        if (await Described(repository, cancel) is { } there) return there;
        var input = new JsonObject
        {
            ["repositoryName"] = repository,
            ["imageTagMutability"] = "IMMUTABLE",
            ["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = true },
        };
        try
        {
            return (await _ecr.Repeat("CreateRepository", input, cancel)).Output["repository"].Text("repositoryUri")!;
        }
        catch (AmazonServiceException made) when (made.ErrorCode == "RepositoryAlreadyExistsException")
        {
            // It was created by someone else, or by a call whose response was lost.
            return await Described(repository, cancel) ?? throw Problem.Unavailable(
                ProblemCode.Unavailable,
                $"ECR reports that the repository {repository} exists but doesn't show it yet.",
                "Publish again.", unchanged: Problem.NothingWasReleased).ToException(made);
        }
    }

    private async Task<string?> Described(string repository, CancellationToken cancel)
    {
        try
        {
            return (await _ecr.Read(
                "DescribeRepositories", new() { ["repositoryNames"] = new JsonArray(repository) },
                cancel)).Output.Objects("repositories").First().Text("repositoryUri");
        }
        catch (AmazonServiceException missing) when (missing.ErrorCode == "RepositoryNotFoundException")
        {
            return null;
        }
    }

    private async Task<PushTarget> Place(string registry, string repository, CancellationToken cancel)
    {
        var token = (await _ecr.Read(
            "GetAuthorizationToken", [], cancel)).Output.Objects("authorizationData").First().Text("authorizationToken")!;
        return Login(token) is [var user, var password] ? new(registry, repository, user, password)
            : throw new UnreadableResponseException("its authorizationToken is none");
    }

    /// <summary>
    /// Returns how ECR is asked about the repository of an image that was built for a rack, also of another account. Null if the image is
    /// only referenced, because it is another one, or is in another registry or region.
    /// </summary>
    private JsonObject? InEcr(ImageReference image)
    {
        if (!AwsNames.IsRepository(image.Repository)) return null;
        if (image.Registry == _registry) return new() { ["repositoryName"] = image.Repository };
        return EcrRepository.Of(image.ToString()) is { } ecr && ecr.Region == _region
            ? new() { ["repositoryName"] = ecr.Name, ["registryId"] = ecr.Account } : null;
    }

    private static Task<T> Translate<T>(Func<Task<T>> call) => AwsProblems.Translate("ECR", call);

    private static string[]? Login(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : null;
    }

    private static Problem Missing(ImageReference image) => new(
        ProblemCode.DamagedArtifact, $"the image {image.Repository}@{image.Digest[..19]}… is no longer in ECR.",
        "Publish the service again, and exclude released images from lifecycle policies.");
}
