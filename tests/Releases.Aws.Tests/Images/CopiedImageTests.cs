using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Images;

/// <summary>An image goes by its digest from one registry to another, each with a login of its own.</summary>
public sealed class CopiedImageTests : IAsyncLifetime
{
    private readonly Place _from = new(OciRegistry.OneLogin);
    private readonly Place _to = new(OciRegistry.AnotherLogin);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _from.Start();
        await _to.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_digest_stays_and_the_other_registry_gives_out_the_same_bytes(bool isIndex)
    {
        var image = isIndex ? MadeImage.Index("amd64", "arm64") : MadeImage.Of("amd64");
        var stored = await _from.Images.Receive(Delivery(image.Artifact, image), Cancel);
        await using var content = (await _from.Images.Open(stored, Cancel))!;
        Assert.Equal(image.Pieces.Select(p => p.Digest), content.Pieces.Select(p => p.Digest));

        var copied = await _to.Images.Receive(Delivery(stored, content), Cancel);
        Assert.Equal((image.Root.Digest, $"{_to.Registry.Host}/convox/hello-web@{image.Root.Digest}"), (copied.Digest, copied.Reference));
        Assert.Null(await _to.Images.Verify(copied, Cancel));
        await using var arrived = (await _to.Images.Open(copied, Cancel))!;
        foreach (var piece in image.Pieces)
            Assert.Equal(image.Bytes(piece), await OciPieces.Read(piece, arrived.Open, int.MaxValue, Cancel));
    }

    [Fact]
    public async Task After_an_interruption_what_arrived_is_not_sent_again()
    {
        var image = MadeImage.Of("amd64", layers: 4);
        var breaks = new Watched(image) { BreaksAt = 3 };
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _to.Images.Receive(Delivery(image.Artifact, breaks), Cancel));
        Assert.Equal(ProblemCode.Unreachable, refused.Problems[0].Code);
        Assert.NotNull(await _to.Images.Verify(image.Artifact with
        { Reference = $"{_to.Registry.Host}/convox/hello-web@{image.Root.Digest}" }, Cancel));

        var resumed = new Watched(image);
        await _to.Images.Receive(Delivery(image.Artifact, resumed), Cancel);
        Assert.Empty(breaks.Opened.SkipLast(1).Intersect(resumed.Opened));
        Assert.Equal(image.Pieces.Count, breaks.Opened.Count - 1 + resumed.Opened.Count);
        var again = new Watched(image);
        await _to.Images.Receive(Delivery(image.Artifact, again), Cancel);
        Assert.Equal([image.Root.Digest], again.Opened);
    }

    [Fact]
    public async Task In_the_same_registry_nothing_is_sent_but_the_manifest()
    {
        var image = MadeImage.Of("amd64");
        var stored = await _from.Images.Receive(Delivery(image.Artifact, image), Cancel);
        await using var content = (await _from.Images.Open(stored, Cancel))!;
        var copied = await _from.Images.Receive(Delivery(stored, content) with { App = AppName.Parse("shop") }, Cancel);
        Assert.Equal($"{_from.Registry.Host}/convox/shop-web@{image.Root.Digest}", copied.Reference);
        Assert.Null(await _from.Images.Verify(copied, Cancel));
    }

    [Fact]
    public async Task A_layer_that_is_not_what_its_digest_names_is_refused_and_the_image_is_not_there()
    {
        var image = MadeImage.Of("amd64");
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            _to.Images.Receive(Delivery(image.Artifact, new Watched(image) { Tampers = true }), Cancel));
        Assert.Equal(ProblemCode.DamagedArtifact, refused.Problems[0].Code);
        Assert.NotNull(await _to.Images.Verify(image.Artifact with
        { Reference = $"{_to.Registry.Host}/convox/hello-web@{image.Root.Digest}" }, Cancel));
    }

    [Fact]
    public async Task A_wrong_login_and_a_registry_that_is_not_there_are_said_to_be_just_that()
    {
        var image = MadeImage.Of("amd64");
        var stored = await _from.Images.Receive(Delivery(image.Artifact, image), Cancel);
        await using var wrong = new SimulatedEcr(_from.Registry.Address, "wrong");
        await wrong.Start();
        using var client = Place.Client(wrong);
        var denied = await Assert.ThrowsAsync<ProblemException>(() =>
            new EcrImages(client, "eu-west-1", _from.Registry.Host, TimeProvider.System).Open(stored, Cancel));
        Assert.Equal(AwsProblemCode.Access, denied.Problems[0].Code);
        var nowhere = $"localhost:{FreePort.Take()}";
        var gone = await Assert.ThrowsAsync<ProblemException>(() =>
            _from.ImagesIn(nowhere).Open(stored with { Reference = $"{nowhere}/convox/hello-web@{stored.Digest}" }, Cancel));
        Assert.Equal(ProblemCode.Unreachable, gone.Problems[0].Code);
        Assert.Contains(nowhere, gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_a_registry_that_is_not_the_racks_is_only_referred_to() =>
        Assert.Null(await _from.Images.Open(Artifact.ImageOf($"redis@{MadeImage.Of("amd64").Root.Digest}"), Cancel));

    private static ArtifactDelivery Delivery(Artifact artifact, IArtifactContent content) =>
        new(A.App, A.Web, BuildId.New(), artifact, content);

    /// <summary>A registry, and ECR before it.</summary>
    private sealed class Place((string Line, string Password) login) : IAsyncDisposable
    {
        private SimulatedEcr _ecr = null!;
        private JsonService _client = null!;

        public OciRegistry Registry { get; } = new(login);

        public EcrImages Images => ImagesIn(Registry.Host);

        public EcrImages ImagesIn(string registry) => new(_client, "eu-west-1", registry, TimeProvider.System);

        public static JsonService Client(SimulatedEcr ecr) =>
            JsonService.Open(AwsService.Ecr, "eu-west-1", TimeProvider.System, new BasicAWSCredentials("test", "test"), ecr.Address);

        public async Task Start()
        {
            await Registry.InitializeAsync();
            _ecr = new(Registry.Address, login.Password);
            await _ecr.Start();
            _client = Client(_ecr);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _ecr.DisposeAsync();
            await Registry.DisposeAsync();
        }
    }

    /// <summary>An image that says which of its pieces were read, and that breaks off or changes one of them.</summary>
    private sealed class Watched(MadeImage image) : IArtifactContent
    {
        public SharedList<string> Opened { get; } = [];

        public int? BreaksAt { get; init; }

        public bool Tampers { get; init; }

        public OciDescriptor Root => image.Root;

        public IReadOnlyList<OciDescriptor> Pieces => image.Pieces;

        public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default)
        {
            Opened.Add(piece.Digest);
            if (Opened.Count == BreaksAt) throw new IOException("the network broke");
            var bytes = image.Bytes(piece).ToArray();
            if (Tampers && !piece.IsManifest) bytes[^1] ^= 1;
            return Task.FromResult<Stream>(new MemoryStream(bytes));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>An image made in memory.</summary>
internal sealed class MadeImage : IArtifactContent
{
    private readonly Dictionary<string, byte[]> _bytes = [];
    private readonly List<OciDescriptor> _pieces = [];

    public OciDescriptor Root => _pieces[^1];

    public IReadOnlyList<OciDescriptor> Pieces => _pieces;

    public Artifact Artifact => Artifact.ImageOf($"elsewhere.example/convox/hello-web@{Root.Digest}");

    public static MadeImage Of(string architecture, int layers = 2)
    {
        var image = new MadeImage();
        image.Add(architecture, layers);
        return image;
    }

    public static MadeImage Index(params string[] architectures)
    {
        var image = new MadeImage();
        JsonArray manifests = [];
        foreach (var architecture in architectures) manifests.Add(Descriptor(image.Add(architecture, 2)));
        image.Piece(OciTypes.Index,
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = OciTypes.Index, ["manifests"] = manifests }.ToJsonString());
        return image;
    }

    public byte[] Bytes(OciDescriptor piece) => _bytes[piece.Digest];

    public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) =>
        Task.FromResult<Stream>(new MemoryStream(_bytes[piece.Digest]));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private OciDescriptor Add(string architecture, int layers)
    {
        var config = Piece(OciTypes.Config, new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() }
        }.ToJsonString());
        JsonArray list = [];
        for (var i = 0; i < layers; i++)
            list.Add(Descriptor(Piece(OciTypes.Layer, $"layer {i} of {architecture} {new string('x', 100_000)}")));
        return Piece(OciTypes.Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciTypes.Manifest,
            ["config"] = Descriptor(config),
            ["layers"] = list
        }.ToJsonString());
    }

    private OciDescriptor Piece(string type, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var piece = new OciDescriptor(type, OciPieces.DigestOf(bytes), bytes.Length);
        _bytes[piece.Digest] = bytes;
        _pieces.Add(piece);
        return piece;
    }

    private static JsonObject Descriptor(OciDescriptor piece) =>
        new() { ["mediaType"] = piece.MediaType, ["digest"] = piece.Digest, ["size"] = piece.Size };
}
