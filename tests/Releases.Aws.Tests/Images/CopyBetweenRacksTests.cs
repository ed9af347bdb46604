using Amazon.Runtime;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Images;

/// <summary>A release goes from one AWS rack to another: each has a table, a key and a registry with a login of its own.</summary>
public sealed class CopyBetweenRacksTests(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private const string Manifest = "services: { web: { port: 8080 }, worker: {} }";

    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    private readonly WholeRack _staging = new(dynamo, "staging", OciRegistry.OneLogin);
    private readonly WholeRack _production = new(dynamo, "production", OciRegistry.AnotherLogin);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _staging.Start();
        await _production.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _staging.DisposeAsync();
        await _production.DisposeAsync();
    }

    [Fact]
    public async Task The_images_keep_their_digests_the_environment_of_the_target_applies_and_a_second_copy_makes_nothing()
    {
        await using var from = await _staging.Open();
        await using var to = await _production.Open();
        var release = await Released(from);
        var own = await Set(to, "production");
        var copy = (await Copy(from, to, release)).Release;

        Assert.Equal(Digests(release), Digests(copy));
        Assert.All(
            copy.Services.Values, s => Assert.StartsWith(_production.Registry.Host, s.Artifact!.Reference, StringComparison.Ordinal));
        foreach (var service in copy.Services.Values) Assert.Null(await to.Artifacts.Verify(service.Artifact!, Cancel));
        Assert.Equal((own.Environment, own.Id), (copy.Environment, copy.BasedOn));
        Assert.Equal([new("TOKEN", "production")], await to.ReadEnvironment(copy, Cancel));
        Assert.Equal((from.Address, release.Id), (copy.Origin!.Rack, copy.Origin.Release));

        var again = await Copy(from, to, release);
        Assert.Equal((copy.Id, true), (again.Release.Id, again.IsUnchanged));
        Assert.Equal(2, (await to.Store.ListReleases(A.App, 10, cancel: Cancel)).Count);
    }

    [Fact]
    public async Task An_interrupted_copy_leaves_no_release_and_the_next_one_is_whole()
    {
        await using var from = await _staging.Open();
        await using var to = await _production.Open();
        var release = await Released(from);
        var (sent, portable) = (new List<string>(), await new PackRelease(from).Run(release, Cancel));
        // The first service's image has arrived when the network breaks.
        await Assert.ThrowsAsync<IOException>(() => new ReceiveRelease(Context(to)).Run(A.App, portable, (service, stop) =>
        {
            sent.Add(service.Artifact.Digest);
            return sent.Count == 2 ? throw new IOException("the network broke") : from.Artifacts.Open(service.Artifact, stop);
        }, Cancel));
        Assert.Single(await _production.Registry.Has(AwsNames.Repository(A.App, A.Web), sent[0]));
        Assert.Empty(await to.Store.ListReleases(A.App, 10, cancel: Cancel));
        var failed = Assert.Single(await to.Store.ListBuilds(A.App, 10, Cancel));
        Assert.Equal((BuildStatus.Failed, release.Id), (failed.Status, failed.Origin!.Release));

        var copy = (await Copy(from, to, release)).Release;
        Assert.Equal(Digests(release), Digests(copy));
        foreach (var service in copy.Services.Values) Assert.Null(await to.Artifacts.Verify(service.Artifact!, Cancel));
    }

    [Fact]
    public async Task Two_copies_at_once_make_one_release()
    {
        await using var from = await _staging.Open();
        await using var to = await _production.Open();
        await using var second = await _production.Open();
        var release = await Released(from);
        var copies = await Task.WhenAll(Copy(from, to, release), Copy(from, second, release));
        Assert.Single(copies.Select(c => c.Release.Id).Distinct());
        Assert.Single(await to.Store.ListReleases(A.App, 10, cancel: Cancel));
    }

    private static Dictionary<ServiceName, string> Digests(Release release) => release.Services.ToDictionary(
        s => s.Key, s => s.Value.Artifact!.Digest);

    private static Task<CreatedRelease> Copy(Rack from, Rack to, Release release) =>
        new CopyRelease(Context(to)).Run(from, A.App, release.Id, A.App, Cancel);

    private static OperationContext Context(Rack rack) => new(
        rack, TimeProvider.System, _ => Task.FromResult(A.Person), new Progress<OperationNote>());

    private static async Task<Release> Set(Rack rack, string value)
    {
        await rack.Store.App(cancel: Cancel);
        return (await new EnvironmentRelease(rack, TimeProvider.System).Create(
            new(A.App, new([new("TOKEN", value)], []), null, A.Person, false), Cancel))!.Release;
    }

    private static Task<Artifact> Push(Rack rack, ServiceName service)
    {
        var image = MadeImage.Of(service == Worker ? "arm64" : "amd64");
        return rack.Artifacts.Receive(new(A.App, service, BuildId.New(), image.Artifact, image), Cancel);
    }

    private static async Task<Release> Released(Rack rack)
    {
        var environment = await Set(rack, "staging");
        var services = new Dictionary<ServiceName, ReleaseService>();
        foreach (var service in (ServiceName[])[A.Web, Worker])
            services[service] = new() { Artifact = await Push(rack, service), Build = BuildId.New() };
        var release = A.Release(2) with
        {
            Services = services,
            Manifest = ManifestId.Of(Manifest),
            Environment = environment.Environment,
            BasedOn = environment.Id,
        };
        Assert.True(
            await rack.Store.TryAddRelease(new(release, environment.Id, A.Event(EventKind.ReleaseCreated, release.Id), Manifest), Cancel));
        return release;
    }

    /// <summary>What of AWS a copy needs, for one rack.</summary>
    private sealed class WholeRack(DynamoDbLocal dynamo, string cluster, (string Line, string Password) login) : IAsyncDisposable
    {
        private readonly SimulatedKms _kms = new();
        private readonly AwsAddress _address = new("eu-west-1", $"{cluster}-{Guid.NewGuid():n}"[..40]);
        private SimulatedEcr _ecr = null!;

        public OciRegistry Registry { get; } = new(login);

        public async Task Start()
        {
            await Registry.InitializeAsync();
            await _kms.Start();
            _ecr = new(Registry.Address, login.Password);
            await _ecr.Start();
            await InitRack.Run(_address, Connection, _ => { }, Cancel);
        }

        public Task<AwsRack> Open() => AwsRack.Open(_address, _ => { }, Connection, Cancel);

        public async ValueTask DisposeAsync()
        {
            await _ecr.DisposeAsync();
            await _kms.DisposeAsync();
            await Registry.DisposeAsync();
        }

        private AwsConnection Connection => new("eu-west-1", TimeProvider.System)
        {
            Credentials = new BasicAWSCredentials("test", "test"),
            Registry = Registry.Host,
            // What a copy has no need for isn't there.
            Address = id => id switch
            {
                "DynamoDB" => dynamo.Endpoint,
                "KMS" => _kms.Address,
                "ECR" => _ecr.Address,
                _ => new("http://127.0.0.1:9"),
            },
        };
    }
}
