namespace Releases.Tool;

/// <summary>An app; <c>release</c> is the active one.</summary>
internal sealed record AppView(string Name, string Status, string? Release, string? Latest, DateTimeOffset CreatedAt, string CreatedBy,
    string? LockedBy, string? LockReason)
{
    public static AppView Of(LiveStatus live)
    {
        var app = live.AppStatus.App;
        return new(
            app.Name.ToString(), StatusText.Code(live.State), app.Active?.ToString(), app.Latest?.ToString(), app.CreatedAt, app.CreatedBy,
            app.Hold?.By, app.Hold?.Reason);
    }
}

/// <summary>A deleted app; a new one of that name starts after its last version number.</summary>
internal sealed record DeletedAppView(string Name, long LastVersion);

/// <summary>An event of an app.</summary>
internal sealed record EventView(DateTimeOffset At, string By, string Kind, string? Release, string? Promotion, string? Detail)
{
    public static EventView Of(Event happened) => new(
        happened.At, happened.By, StatusText.Code(happened.Kind), happened.Release?.ToString(),
        happened.Promotion?.ToString(), happened.Detail);
}

/// <summary>A build.</summary>
internal sealed record BuildView(
    string Id, string App, string Status, string? Release, string? Commit, string Description, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string StartedBy, string? Reason, IReadOnlyList<BuildArtifactView> Artifacts, OriginView? Origin)
{
    public static BuildView Of(Build build) => new(
        build.Id.ToString(), build.App.ToString(), StatusText.Code(build.Status), build.Release?.ToString(), build.Commit,
        build.Description,
        build.StartedAt, build.EndedAt, build.StartedBy, build.Reason,
        [.. build.Artifacts.OrderBy(a => a.Key).Select(a => new BuildArtifactView(a.Key.ToString(), a.Value.Digest, a.Value.Bytes))],
        OriginView.Of(build.Origin));
}

/// <summary>The log of a build.</summary>
internal sealed record BuildLogView(string Id, string Status, string Log);

/// <summary>The artifact that a build made for a service.</summary>
internal sealed record BuildArtifactView(string Service, string Artifact, long Bytes);

/// <summary>A service; <c>url</c> is its address by name, <c>directUrl</c> the one by port.</summary>
internal sealed record ServiceView(
    string Service, string Status, string? Url, string? DirectUrl, int Desired, int Running, int Healthy, string? Release, string? Problem,
    string? CandidateRelease = null, string? CandidateUrl = null);

/// <summary>
/// The number of processes of a service: its current count, the count in <c>convox.yml</c>, and whether <c>scale</c> overrides it.
/// </summary>
internal sealed record ScaleView(string Service, int Count, int Default, bool Overridden);

/// <summary>A process; <c>drifted</c> means that it doesn't run the active release.</summary>
internal sealed record ProcessView(
    string Id, string Service, string Status, string? Release, bool Drifted, DateTimeOffset StartedAt, int Restarts,
    int? Pid, long? MemoryBytes);

/// <summary>A line that a process printed.</summary>
internal sealed record LogLineView(DateTimeOffset At, string Service, string Process, string? Release, string Text)
{
    public static LogLineView Of(LogLine line) =>
        new(line.At, line.Service.ToString(), line.Process, line.Release?.ToString(), line.Text);
}

/// <summary>A rack and its daemon, whose version is <c>version</c>; <c>agents</c> is null on a rack with a daemon.</summary>
internal sealed record RackView(
    string Address, string Kind, string Status, int? Pid, string? Version, int? RouterPort, DateTimeOffset? StartedAt, string? Problem,
    string ToolVersion,
    IReadOnlyList<AgentView>? Agents)
{
    public static RackView Of(RackStatus status) => new(
        status.Address, status.Kind, StatusText.Code(status.State), status.Pid, status.Version, status.RouterPort, status.StartedAt,
        status.RouterProblem, Releases.ToolVersion.Text,
        status.Agents?.Select(a => new AgentView(a.Owner, a.Version, a.StartedAt, a.SeenAt)).ToList());
}

/// <summary>The address of a rack's OpenMetrics, or null if they aren't served.</summary>
internal sealed record RackMetricsView(string? Url);

/// <summary>A live agent of a rack.</summary>
internal sealed record AgentView(string Owner, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

/// <summary>A backup; <c>damaged</c> lists the digests of artifacts that aren't in it.</summary>
internal sealed record BackupView(string File, long Bytes, DateTimeOffset TakenAt, int Apps, int Artifacts, bool Key,
    IReadOnlyList<string> Damaged);

/// <summary>A restored rack; <c>missingKey</c> is the path for the vault key, or null if environments can be opened.</summary>
internal sealed record RestoreView(DateTimeOffset TakenAt, IReadOnlyList<string> Apps, int Artifacts, string? MissingKey);

/// <summary>A running console; <c>url</c> signs in once.</summary>
internal sealed record ConsoleView(string Url, int Pid, string Version);

/// <summary>A permission on an AWS rack; <c>problem</c> is null if the caller has it.</summary>
internal sealed record CheckView(string Action, string On, string? Problem)
{
    /// <summary>The action of a running agent, which stands beside the permissions.</summary>
    public const string Agent = "agent";
}

/// <summary>A CloudFormation template.</summary>
internal sealed record TemplateView(string Text);

/// <summary>A new <c>convox.yml</c>.</summary>
internal sealed record InitView(string File, IReadOnlyList<InitServiceView> Services);

/// <summary>A service in a new <c>convox.yml</c>.</summary>
internal sealed record InitServiceView(string Service, string Build, bool Web);

/// <summary>An error, written to standard error.</summary>
internal sealed record ErrorView(string Code, string Message, string? Remedy, IReadOnlyList<ErrorView>? More = null);
