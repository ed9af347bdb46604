namespace Releases;

/// <summary>Represents what a new release is based on, as read at one moment.</summary>
/// <param name="App">The app.</param>
/// <param name="Base">The release that provides artifacts, environment and manifest, or null before the first release.</param>
internal sealed record ReleaseBase(App App, Release? Base)
{
    /// <summary>Reads the app and its base.</summary>
    /// <param name="store">The store of the records.</param>
    /// <param name="name">The app.</param>
    /// <param name="from"><c>active</c>, <c>latest</c>, an id or a number; the latest if null.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static async Task<ReleaseBase> Read(IReleaseStore store, AppName name, string? from, CancellationToken cancel)
    {
        var app = await store.RequireApp(name, cancel);
        ReleaseReference? reference = from?.Trim().ToLowerInvariant() switch
        {
            null or "latest" => app.Latest,
            "active" => app.Active ?? throw NoActive(name),
            _ => ReleaseReference.Parse(from!),
        };
        var @base = reference is { } wanted ? await store.RequireRelease(name, wanted, cancel) : null;
        @base?.RequireNotPruned();
        return new(app, @base);
    }

    /// <summary>Fails if the named base can't exist because the app is new.</summary>
    public static void RequireNoneNamed(AppName name, string? from)
    {
        if (from?.Trim().ToLowerInvariant() is not (null or "latest") and var asked)
            throw asked == "active" ? NoActive(name)
                : new Problem(
                    ProblemCode.NoSuchRelease, $"{name} has no release {from}; it has no releases yet.",
                    Remedy.LeaveOut(OperationOption.From, "Make the first one")).ToException();
    }

    private static ProblemException NoActive(AppName name) =>
        new Problem(
            ProblemCode.Nothing, $"{name} has no active release; nothing has been promoted yet.",
            Remedy.LeaveOut(OperationOption.From, "Base it on the latest release")).ToException();

    /// <summary>Returns the next release, with the content of its base.</summary>
    public Release Next(string description, DateTimeOffset now, string by) => new()
    {
        Id = ReleaseId.New(),
        Number = App.LastNumber + 1,
        App = App.Name,
        Services = Base?.Services ?? new Dictionary<ServiceName, ReleaseService>(),
        Manifest = Base?.Manifest,
        Environment = Base?.Environment,
        Build = Base?.Build,
        Commit = Base?.Commit,
        Oldest = Base?.Oldest,
        Description = description,
        CreatedAt = now,
        CreatedBy = by,
        BasedOn = Base?.Id,
    };

    /// <summary>
    /// Determines whether the base is the latest or the active release and the next release would run the same: the same manifest, and for
    /// each service the same files from the same commit.
    /// </summary>
    public bool HasSame(ManifestId manifest, IReadOnlyDictionary<ServiceName, ReleaseService> services) =>
        Base is { } release && (release.Id == App.Latest || release.Id == App.Active) && release.Manifest == manifest
        && services.Count == release.Services.Count
        && services.All(s => release.Services.TryGetValue(s.Key, out var before) && IsSame(before, s.Value));

    private static bool IsSame(ReleaseService before, ReleaseService after) =>
        after.Artifact is { } artifact && before.Artifact?.Digest == artifact.Digest
        && (before.Commit, before.Project) == (after.Commit, after.Project);

    /// <summary>
    /// Returns the write that adds a release made from this base, on condition that the app hasn't changed since it was read.
    /// </summary>
    public ReleaseAddition Addition(
        Release release, string? manifestText = null, byte[]? snapshot = null, Build? build = null, AppSource? source = null,
        IReadOnlyList<EvidenceDocument>? documents = null)
    {
        var made = new Event { At = release.CreatedAt, Kind = EventKind.ReleaseCreated, By = release.CreatedBy, Release = release.Id };
        return new(release, App.Latest, made, manifestText, snapshot, build, source) { Active = App.Active, Documents = documents ?? [] };
    }

    /// <summary>Returns a sentence that names both the latest and the active release if they differ, or null if they don't.</summary>
    public async Task<string?> Note(IReleaseStore store, CancellationToken cancel)
    {
        if (Base is null || App.Active is not { } active || App.Latest is not { } latest || active == latest) return null;
        var (live, newest) = (await store.Label(App.Name, active, cancel), await store.Label(App.Name, latest, cancel));
        return Base.Id == latest ? $"Based on {newest}, the latest release; {live} is active."
            : Base.Id == active ? $"Based on {live}, the active release; {newest} is the latest."
            : $"Based on {Base.Label}; {newest} is the latest release, and {live} is active.";
    }
}
