using System.Security.Cryptography;
using System.Text;

namespace Releases.Testing;

/// <summary>Builds records for tests: everything has a value, and a test names only what it is about.</summary>
public static class A
{
    /// <summary>The moment at which everything in a test happens unless it says otherwise.</summary>
    public static DateTimeOffset Moment { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>The app <c>hello</c>.</summary>
    public static AppName App { get; } = AppName.Parse("hello");

    /// <summary>The service <c>web</c>.</summary>
    public static ServiceName Web { get; } = ServiceName.Parse("web");

    /// <summary>Who does everything in a test.</summary>
    public const string Person = "somebody@box";

    public static Event Event(
        EventKind kind = EventKind.AppCreated, ReleaseId? release = null, PromotionId? promotion = null, string by = Person) =>
        new() { At = Moment, Kind = kind, By = by, Release = release, Promotion = promotion };

    public static Artifact Artifact(string content = "hello") => new()
    {
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
        Kind = ArtifactKind.Folder,
        EntryPoint = "Hello.dll",
        Bytes = content.Length,
    };

    public static Build Build(
        BuildStatus status =
            BuildStatus.Complete, string description = "build 7329df90c1 this is my commit message", AppName? app = null) => new()
            {
                Id = BuildId.New(),
                App = app ?? App,
                Status = status,
                Description = description,
                Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584",
                StartedAt = Moment,
                StartedBy = Person,
            };

    /// <summary>A release of <c>web</c>, complete unless its artifact is marked as missing.</summary>
    public static Release Release(long number = 1, AppName? app = null, string description = "", bool complete = true,
        ReleaseId? copyOf = null)
    {
        var build = BuildId.New();
        return new()
        {
            Id = ReleaseId.New(),
            Number = number,
            App = app ?? App,
            Services = new Dictionary<ServiceName, ReleaseService>
            {
                [Web] = complete ? new() { Artifact = Artifact(), Build = build, BuildDescription = description } : new(),
            },
            Description = description,
            Build = complete ? build : null,
            CreatedAt = Moment,
            CreatedBy = Person,
            CopyOf = copyOf,
        };
    }

    public static Hook Hook() => new()
    {
        Id = HookId.New(),
        App = App,
        Payload = HookFormat.Json,
        Target = "https://example.org",
        Events = HookEvents.Default,
        SealedUnder = SnapshotId.New(),
        Sealed = [1, 2, 3],
        CreatedAt = Moment,
        CreatedBy = Person,
    };

    public static Promotion Promotion(
        Release release, PromotionStatus status = PromotionStatus.Checking, ReleaseId? previous = null) => new()
        {
            Id = PromotionId.New(),
            App = release.App,
            Release = release.Id,
            Previous = previous,
            Status = status,
            StartedBy = Person,
            StartedAt = Moment,
            Deadline = Moment + TimeSpan.FromMinutes(10),
            Services = [.. release.Services.Keys.Order().Select(s => new PromotionService { Service = s, Desired = 1 })],
        };
}

/// <summary>Puts records into a store the way the product does.</summary>
public static class Given
{
    /// <summary>The app, created where it doesn't exist.</summary>
    public static async Task<App> App(this IReleaseStore store, AppName? app = null, CancellationToken cancel = default)
    {
        var name = app ?? A.App;
        return await store.FindApp(name, cancel) is { DeletedAt: null } there ? there : await store.CreateApp(name, A.Event(), cancel);
    }

    /// <summary>The next release of the app.</summary>
    public static async Task<Release> Release(
        this IReleaseStore store, AppName? app = null, string description = "", Func<Release, Release>? with = null,
        IReadOnlyList<EvidenceDocument>? documents = null, CancellationToken cancel = default)
    {
        var before = await store.App(app, cancel);
        var release = A.Release(before.LastNumber + 1, before.Name, description) with { BasedOn = before.Latest };
        release = with?.Invoke(release) ?? release;
        var added = await store.TryAddRelease(
            new(release, before.Latest, A.Event(EventKind.ReleaseCreated, release.Id)) { Documents = documents ?? [] }, cancel);
        return added ? release : throw new InvalidOperationException("Another release was added at the same moment.");
    }

    /// <summary>A promotion of the release that has come to this end.</summary>
    public static async Task<Promotion> Promoted(
        this IReleaseStore store, Release release, PromotionStatus outcome = PromotionStatus.Succeeded, CancellationToken cancel = default)
    {
        var active = (await store.App(release.App, cancel)).Active;
        var promotion = A.Promotion(release, previous: active);
        var held = await store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), cancel);
        var ended = promotion with { Status = outcome, EndedAt = A.Moment };
        await store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), cancel);
        return ended;
    }
}
