using Microsoft.Extensions.Time.Testing;
using Releases.Testing;

namespace Releases.Tests.Promotions;

/// <summary>An app of two services with a verified release v1 and a newer v2, and a driver for their promotions.</summary>
internal sealed class PromoteScenario
{
    private const string TwoServices =
        """
        services:
          web:
            build: Web
            port: 8080
          worker:
            build: Worker
        """;

    private static readonly Artifact Something = new()
    {
        Digest = "sha256:" + new string('a', 64),
        Kind = ArtifactKind.Folder,
        EntryPoint = "Web"
    };

    public FakeTimeProvider Time { get; private init; } = null!;

    public FakeEngine Engine { get; private init; } = null!;

    public IReleaseStore Store { get; set; } = null!;

    public InMemoryVault Vault { get; } = new();

    public InMemoryArtifactStore Artifacts { get; } = new();

    public AppName App { get; } = AppName.Parse("hello");

    public Release V1 { get; private set; } = null!;

    public Release V2 { get; private set; } = null!;

    public PromotionId FirstPromotion { get; private set; }

    public PromotionDriver Driver => DriverOf(Engine);

    public BeginPromotion Beginning => new(Store, Plans, Time);

    private ReleasePlanReader Plans => new(Store, Vault, "local");

    public static async Task<PromoteScenario> WithTwoReleases(bool promoteTheFirst = true)
    {
        var scenario = New();
        await scenario.Store.CreateApp(scenario.App, scenario.By(EventKind.AppCreated));
        scenario.V1 = await scenario.AddRelease(TwoServices);
        scenario.V2 = await scenario.AddRelease(TwoServices);
        if (promoteTheFirst)
        {
            var first = await scenario.Promote(scenario.V1);
            scenario.FirstPromotion = first.Id;
            scenario.Engine.Effects.Clear();
        }

        return scenario;
    }

    public async Task<Promotion> Promote(Release release, TimeSpan? timeout = null, bool allowEmpty = false)
    {
        var held = await Begin(release, timeout, allowEmpty: allowEmpty);
        return await Driver.Drive(held, CancellationToken.None);
    }

    public PromotionDriver DriverOf(IEngine engine) => new(Store, Plans, Artifacts, engine, Time);

    /// <summary>A driver as a daemon has it, by a clock that somebody may set.</summary>
    public PromotionDriver SteadyDriver(TimeProvider clock) =>
        new(Store, Plans, Artifacts, Engine, clock) { IgnoresClockChanges = true };

    public async Task<PromotionLock> Begin(
        Release release, TimeSpan? timeout = null, PromotionId? id = null, bool allowEmpty = false, TimeSpan? holdFor = null) =>
        (await Beginning.Run(
            new(id ?? PromotionId.New(), App, release.Id, "anna") { Timeout = timeout, AllowEmpty = allowEmpty, HoldFor = holdFor }, "driver",
            CancellationToken.None)).Held!;

    public async Task<Release> AddRelease(
        string manifest = TwoServices, IEnumerable<string>? without = null, EnvironmentSet? environment = null, AppName? of = null)
    {
        var app = (await Store.FindApp(of ?? App))!;
        var reading = ManifestReader.Read(manifest, "convox.yml");
        SnapshotId? snapshot = environment is null ? null : SnapshotId.New();
        var release = new Release
        {
            Id = ReleaseId.New(),
            Number = app.LastNumber + 1,
            App = app.Name,
            Services = reading.Manifest!.Services.ToDictionary(
                s => s.Name, s => new ReleaseService
                { Artifact = without?.Contains(s.Name.ToString()) == true ? null : Something, Build = BuildId.New() }),
            Manifest = ManifestId.Of(manifest),
            Environment = snapshot,
            CreatedAt = Time.GetUtcNow(),
            CreatedBy = "anna",
        };
        var sealedBytes = environment is null ? null : await Vault.Seal(app.Name, snapshot!.Value, environment);
        if (!await Store.TryAddRelease(new(release, app.Latest, By(EventKind.ReleaseCreated), manifest, sealedBytes)))
            throw new InvalidOperationException("Nobody else adds releases here.");
        return release;
    }

    public Event By(EventKind kind) => new() { At = Time.GetUtcNow(), Kind = kind, By = "anna" };

    /// <summary>Nothing but the parts.</summary>
    public static PromoteScenario New()
    {
        var time = new FakeTimeProvider(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var scenario = new PromoteScenario { Time = time, Engine = new(time), Store = new InMemoryReleaseStore() };
        scenario.Artifacts.Add(Something);
        return scenario;
    }
}
