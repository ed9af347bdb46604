using Amazon.Runtime;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Images;

/// <summary>An image that convox.yml names becomes one that cannot change, or is refused.</summary>
public sealed class ImageOfAServiceTests : IAsyncLifetime
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly OciRegistry _registry = new();
    private SimulatedEcr _ecr = null!;
    private JsonService _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _registry.InitializeAsync();
        _ecr = new(_registry.Address);
        _ecr.Add(OciRegistry.BaseImage);
        await _ecr.Start();
        _client = JsonService.Open(AwsService.Ecr, "eu-west-1", TimeProvider.System, new BasicAWSCredentials("test", "test"), _ecr.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _ecr.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("redis@" + Digest)]
    [InlineData("redis:7@" + Digest)]
    [InlineData("ghcr.example/cache/redis@" + Digest)]
    public async Task One_with_a_digest_is_taken_as_it_is(string image)
    {
        var artifact = await Images().Pin(image, TestContext.Current.CancellationToken);
        Assert.Equal((image, Digest, ArtifactKind.Image), (artifact!.Reference, artifact.Digest, artifact.Kind));
        Assert.Null(await Images().Verify(artifact, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tag_in_ECR_is_what_it_stands_for_at_this_moment()
    {
        var own = $"{_registry.Host}/{OciRegistry.BaseImage}:1";
        var artifact = await Images(_registry.Host).Pin(own, TestContext.Current.CancellationToken);
        Assert.Matches($"^{_registry.Host}/{OciRegistry.BaseImage}@sha256:[0-9a-f]{{64}}$", artifact!.Reference);
        var inAccount = await Images()
            .Pin($"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{OciRegistry.BaseImage}:1", TestContext.Current.CancellationToken);
        Assert.Equal(artifact.Digest, inAccount!.Digest);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("redis:7")]
    [InlineData("ghcr.example/cache/redis:7")]
    [InlineData("111122223333.dkr.ecr.us-east-1.amazonaws.com/base/image:1")]
    [InlineData("redis@sha256:0123")]
    public async Task One_that_can_be_another_tomorrow_is_refused(string image)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Images().Pin(image, TestContext.Current.CancellationToken));
        Assert.Equal(AwsProblemCode.Refused, refused.Problems[0].Code);
        Assert.Contains($"'{image}'", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await Images().Verify(Artifact.ImageOf(image), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tag_or_a_repository_that_is_not_in_ECR_is_said_to_be_missing()
    {
        foreach (var image in (string[])["base/image:2", "base/other:1"])
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() =>
                Images().Pin($"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{image}", TestContext.Current.CancellationToken));
            Assert.Equal(AwsProblemCode.Refused, refused.Problems[0].Code);
        }
    }

    [Fact]
    public async Task One_that_refers_to_the_environment_is_known_when_it_is_promoted() =>
        Assert.Null(await Images().Pin("redis:${REDIS}", TestContext.Current.CancellationToken));

    /// <summary>The repository of another rack's service, which this account may read; this account has none of that name.</summary>
    [Fact]
    public async Task One_that_another_account_built_is_looked_for_there()
    {
        const string Repository = "convox/shared-web";
        await _registry.Push(Repository, "v3", "shared", TestContext.Current.CancellationToken);
        var pushed = await _registry.Digest(Repository, "v3");
        _ecr.Add(Repository, "222222222222");
        var own = "222222222222.dkr.ecr.eu-west-1.amazonaws.com/" + Repository;
        var pinned = await Images().Pin(own + ":v3", TestContext.Current.CancellationToken);
        Assert.Equal($"{own}@{pushed}", pinned!.Reference);
        foreach (var found in (string[])[$"{own}@{pushed}", $"{own}:v3@{pushed}"])
            Assert.Null(await Images().Verify(Artifact.ImageOf(found), TestContext.Current.CancellationToken));

        var missing = await Images().Verify(Artifact.ImageOf($"{own}@{Digest}"), TestContext.Current.CancellationToken);
        Assert.Equal(ProblemCode.DamagedArtifact, missing!.Code);
    }

    /// <summary>Only ECS can check them, and their registries aren't given ECR's password.</summary>
    [Theory]
    [InlineData("222222222222.dkr.ecr.us-east-1.amazonaws.com/convox/shared-web@" + Digest)]
    [InlineData("docker.io/convox/fluentd@" + Digest)]
    public async Task One_of_another_region_or_registry_is_only_referenced(string image)
    {
        Assert.Null(await Images().Verify(Artifact.ImageOf(image), TestContext.Current.CancellationToken));
        Assert.Null(await Images().Open(Artifact.ImageOf(image), TestContext.Current.CancellationToken));
        Assert.Empty(_ecr.Calls);
    }

    private EcrImages Images(string? registry = null) => new(_client, "eu-west-1", registry, TimeProvider.System);
}
