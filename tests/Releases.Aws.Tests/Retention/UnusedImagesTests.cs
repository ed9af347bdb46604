using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Retention;

/// <summary>What retention removes on AWS: images from a real registry, and task definitions.</summary>
public sealed class UnusedImagesTests : IAsyncLifetime
{
    private const string Repository = "convox/hello-web";

    private readonly OciRegistry _registry = new();
    private readonly InMemoryReleaseStore _store = new();
    private readonly FakeTimeProvider _time = new(A.Moment + TimeSpan.FromDays(100));
    private EcsWorld _ecs = null!;
    private SimulatedEcr _ecr = null!;
    private JsonService _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _registry.InitializeAsync();
        _ecs = await EcsWorld.Start();
        _ecr = new(_registry.Address);
        _ecr.Add(Repository);
        await _ecr.Start();
        _client = JsonService.Open(AwsService.Ecr, "eu-west-1", TimeProvider.System, new BasicAWSCredentials("test", "test"), _ecr.Address);
        await _store.App(cancel: Cancel);
        await _store.ChangeApp(A.App, a => a with { Retention = new(1, 90) }, A.Event(), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _ecr.Model.Require();
        _client.Dispose();
        await _ecr.DisposeAsync();
        await _ecs.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Images_of_pruned_releases_are_gone_and_one_that_a_kept_release_shares_stays()
    {
        var (one, two, three) = (await Push("one"), await Push("two"), await Push("three"));
        foreach (var image in new[] { one, two, three }) await Release(image);
        await Release(two);
        Assert.True((await Prune.Preview(A.App, Cancel)).Bytes > 0);
        Assert.Equal([one, three], await Remaining(one, two, three));

        var report = await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal([1, 3], report.Releases.Select(r => r.Number));
        Assert.Equal([two], await _registry.Has(Repository, one, two, three));
        Assert.Null(await Images.Verify(Image(two), Cancel));
        Assert.NotNull(await Images.Verify(Image(one), Cancel));
        Assert.Empty((await _store.RequireApp(A.App, Cancel)).Pruning);

        async Task<IEnumerable<string>> Remaining(params string[] digests) =>
            (await Prune.Preview(A.App, Cancel)).Releases.Select(r => r.Services[A.Web].Artifact!.Digest).Intersect(digests);
    }

    /// <summary>The call succeeds, and says of each image how it fared.</summary>
    [Theory]
    [InlineData("KmsError", true)]
    [InlineData("UpstreamUnavailable", true)]
    [InlineData("ImageInaccessible", false)]
    public async Task What_ECR_cannot_read_or_delete_now_is_neither_gone_nor_freed(string code, bool mayPass)
    {
        var (one, two) = (await Push("one"), await Push("two"));
        await Release(one);
        await Release(two);
        _ecr.FailureCode = code;
        var problem = (await Images.Verify(Image(two), Cancel))!;
        Assert.Equal((mayPass, $"ECR couldn't read the image {Repository}@{two[..19]}…: {code} (The key is disabled)."),
            (problem.IsTransient, problem.Message));
        var failed = await Assert.ThrowsAsync<ProblemException>(() => Prune.Run(A.App, A.Person, Cancel));
        Assert.Contains($"{one[..19]}…: {code} (The key is disabled).", failed.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal([one, two], (await _registry.Has(Repository, one, two)).Order().Intersect([one, two]).OrderBy(d => d != one));

        _ecr.FailureCode = null;
        await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal([two], await _registry.Has(Repository, one, two));
    }

    [Fact]
    public async Task An_image_with_a_tag_that_no_build_of_the_app_gave_it_stays()
    {
        var (ours, shared) = (await Push("ours"), await Push("shared"));
        await _registry.Push(Repository, $"{BuildId.New()}", "shared", Cancel);
        await Release(ours);
        await Release(shared);
        await Release(await Push("newest"));
        var report = await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal([1, 2], report.Releases.Select(r => r.Number));
        Assert.Equal([shared], await _registry.Has(Repository, ours, shared));
    }

    [Fact]
    public async Task An_image_for_several_platforms_goes_with_its_platforms_except_for_those_that_another_image_has_too()
    {
        var (old, first) = await PushPlatforms("amd64 of old", "arm64 of both");
        var (newest, second) = await PushPlatforms("amd64 of new", "arm64 of both");
        Assert.Equal(first[1], second[1]);
        await Release(old);
        await Release(newest);
        var bytes = (await Prune.Preview(A.App, Cancel)).Bytes;
        Assert.True(bytes > 0);
        Assert.Equal([1], (await Prune.Run(A.App, A.Person, Cancel)).Releases.Select(r => r.Number));
        Assert.Equal([newest, .. second], await _registry.Has(Repository, [old, newest, first[0], .. second]));
        Assert.Null(await Images.Verify(Image(newest), Cancel));
    }

    [Fact]
    public async Task A_platform_that_a_kept_release_names_by_itself_stays()
    {
        var (index, platforms) = await PushPlatforms("amd64", "arm64");
        await Release(index);
        await Release(platforms[0]);
        await Prune.Run(A.App, A.Person, Cancel);
        Assert.Equal([platforms[0]], await _registry.Has(Repository, [index, .. platforms]));
    }

    [Fact]
    public async Task An_image_that_convox_yml_names_is_never_removed()
    {
        await _registry.Push("cache/redis", "7", "redis", Cancel);
        var redis = await _registry.Digest("cache/redis", "7");
        await Release(redis, "cache/redis");
        await Release(await Push("newest"));
        Assert.Empty((await Prune.Run(A.App, A.Person, Cancel)).Releases);
        Assert.Equal([redis], await _registry.Has("cache/redis", redis));
    }

    [Fact]
    public async Task A_removal_that_ECR_refuses_is_done_by_the_next_run_and_one_whose_answer_is_lost_is_repeated()
    {
        var old = await Push("old");
        await Release(old);
        await Release(await Push("newest"));
        _ecr.Refuse("BatchDeleteImage", "ServerException");
        await Assert.ThrowsAsync<ProblemException>(() => Prune.Run(A.App, A.Person, Cancel));
        Assert.Equal([old], await _registry.Has(Repository, old));
        Assert.Single((await _store.RequireApp(A.App, Cancel)).Pruning);

        _ecr.Refuse("BatchDeleteImage", null);
        _ecr.FailNext("BatchDeleteImage", Fault.ResponseLost);
        Assert.Empty((await Prune.Run(A.App, A.Person, Cancel)).Releases);
        Assert.Empty(await _registry.Has(Repository, old));
        Assert.Empty((await _store.RequireApp(A.App, Cancel)).Pruning);
    }

    [Fact]
    public async Task A_build_that_runs_makes_it_wait()
    {
        await Release(await Push("old"));
        await Release(await Push("newest"));
        await _store.SaveBuild(A.Build(BuildStatus.Running) with { StartedAt = _time.GetUtcNow() }, Cancel);
        Assert.True((await Prune.Run(A.App, A.Person, Cancel)).Waits);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.False((await Prune.Run(A.App, A.Person, Cancel)).Waits);
    }

    [Fact]
    public async Task Task_definitions_of_pruned_releases_are_deregistered_and_those_that_run_stay()
    {
        await using var scenario = await EcsScenario.Start();
        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Run(scenario.V2)).Status);
        var families = new[] { "web", "api" }.Select(s => TaskFamily.ForService("production", A.App, ServiceName.Parse(s))).ToList();
        Assert.All(families, f => Assert.Equal(2, scenario.Ecs.Definitions.Active(f).Count()));
        var ecs = scenario.World.Composition.Ecs;
        var definitions = new UnusedTaskDefinitions(scenario.World.Store, ecs, scenario.World.EcsService);
        await definitions.Remove(A.App, [scenario.V1], Cancel);
        await definitions.Remove(A.App, [scenario.V1], Cancel);
        Assert.All(families, f => Assert.Equal(scenario.V2.Id.ToString(),
            TaskTags.Find(scenario.Ecs.Definitions.TagsOf(Assert.Single(scenario.Ecs.Definitions.Active(f))), TaskTags.Release)));
        await definitions.Remove(A.App, [scenario.V2], Cancel);
        Assert.All(families, f => Assert.Single(scenario.Ecs.Definitions.Active(f)));
    }

    [Fact]
    public async Task A_task_definition_that_somebody_deleted_is_done_and_one_that_ECS_refuses_is_not()
    {
        await using var scenario = await EcsScenario.Start();
        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Run(scenario.V2)).Status);
        var definitions = new UnusedTaskDefinitions(
            scenario.World.Store, scenario.World.Composition.Ecs, scenario.World.EcsService);
        var api = TaskFamily.ForService("production", A.App, ServiceName.Parse("api"));
        scenario.Ecs.Refuse("DeregisterTaskDefinition", "ClientException");
        await Assert.ThrowsAnyAsync<AmazonServiceException>(() => definitions.Remove(A.App, [scenario.V1], Cancel));
        scenario.Ecs.Refuse("DeregisterTaskDefinition", null);
        var web = scenario.Ecs.Definitions.Active(TaskFamily.ForService("production", A.App, A.Web)).First();
        scenario.Ecs.Definitions.Deregister(new() { ["taskDefinition"] = web });
        scenario.Ecs.Definitions.Delete(web);
        await definitions.Remove(A.App, [scenario.V1], Cancel);
        Assert.Single(scenario.Ecs.Definitions.Active(api));
    }

    private EcrImages Images => new(_client, "eu-west-1", _registry.Host, TimeProvider.System);

    private PruneReleases Prune => new(
        _store, new AwsArtifactRemoval(_store, new(_client, _store), new(_store, _ecs.Composition.Ecs, _ecs.EcsService), _time), _time);

    /// <summary>An image that a build of the app pushed.</summary>
    private async Task<string> Push(string content)
    {
        var build = A.Build();
        await _store.SaveBuild(build, Cancel);
        await _registry.Push(Repository, build.Id.ToString(), content, Cancel);
        return await _registry.Digest(Repository, build.Id.ToString());
    }

    /// <summary>An image for several platforms that a build of the app pushed.</summary>
    private async Task<(string Index, IReadOnlyList<string> Platforms)> PushPlatforms(params string[] contents)
    {
        var build = A.Build();
        await _store.SaveBuild(build, Cancel);
        var platforms = await _registry.PushIndex(Repository, build.Id.ToString(), contents, Cancel);
        return (await _registry.Digest(Repository, build.Id.ToString()), platforms);
    }

    private Task<Release> Release(string digest, string repository = Repository) => _store.Release(with: r => r with
    {
        Services = new Dictionary<ServiceName, ReleaseService>
        { [A.Web] = new() { Artifact = Image(digest, repository), Build = BuildId.New() } },
    }, cancel: Cancel);

    private Artifact Image(string digest, string repository = Repository) => Artifact.ImageOf($"{_registry.Host}/{repository}@{digest}");
}
