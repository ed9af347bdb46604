using System.Globalization;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Represents one service of a release with the ECS service that it is deployed to, as they are before anything is changed.
/// </summary>
/// <param name="Spec">The service of the release.</param>
/// <param name="Settings">Its settings for AWS.</param>
/// <param name="Name">The name of the ECS service.</param>
/// <param name="Service">The ECS service, or null if it doesn't exist.</param>
/// <param name="Current">The task definition that it runs, or null without an ECS service.</param>
/// <param name="Base">The task definition on which the release is based, or null without an ECS service.</param>
internal sealed record ServicePlan(
    ServiceSpec Spec, AwsSettings Settings, string Name, EcsService? Service, DescribedTaskDefinition? Current,
    DescribedTaskDefinition? Base)
{
    /// <summary>The task definition that someone else is deploying and that the release supersedes, or null if there is none.</summary>
    public string? InFlight { get; init; }

    /// <summary>
    /// Whether <see cref="Current"/> is from the service's last completed deployment; otherwise it is what the service is to run.
    /// </summary>
    public bool IsCompleted { get; init; }

    /// <summary>
    /// The number of tasks that it had when a promotion set it to 0, because the release no longer had it. Null if it has tasks, or if that
    /// hasn't happened.
    /// </summary>
    public int? RetiredCount { get; init; }

    /// <summary>Returns the count that the manifest or the app states, or null if the service keeps its own.</summary>
    public int? WantedCount(App app) => CountIn(app, Spec.Service, Service?.DesiredCount);

    /// <summary>
    /// Returns the count that the manifest or the app states for a service outside of a plan. Within a range something else chooses the
    /// count, so the service keeps its current count as far as the range allows.
    /// </summary>
    public static int? CountIn(App app, Service service, int? now)
    {
        if (app.Scale.ContainsKey(service.Name)) return app.CountOf(service);
        if (!service.Stated.Contains("scale.count")) return null;
        return service.Scale is { IsRange: true, Most: { } most } && now is { } current
            ? Math.Clamp(current, service.Scale.Count, most) : app.CountOf(service);
    }

    /// <summary>Returns the number of tasks that it has after the promotion, or null if that isn't known.</summary>
    public int? CountAfter(App app) => Service is null ? null : CountAfter(app, Spec.Service, Service, RetiredCount);

    /// <summary>Returns the same for a service outside of a plan. One that comes back gets the tasks that it had.</summary>
    public static int? CountAfter(App app, Service service, EcsService now, int? retired) =>
        CountIn(app, service, retired ?? now.DesiredCount) ?? retired ?? now.DesiredCount;

    /// <summary>Determines whether it has no tasks and gets none, so that there is nothing to verify, to hold or to shift.</summary>
    public bool IsEmpty(App app) => Service is not null && IsEmptyIn(app, Spec.Service, Service, RetiredCount);

    /// <summary>Determines the same for a service outside of a plan.</summary>
    public static bool IsEmptyIn(App app, Service service, EcsService now, int? retired) =>
        now.DesiredCount == 0 && CountAfter(app, service, now, retired) == 0;

    /// <summary>Returns how long ECS's own steps and bakes take.</summary>
    public TimeSpan Shifts(App app) => Service is null ? TimeSpan.Zero : ShiftsIn(app, Spec.Service, Service, RetiredCount);

    /// <summary>Returns the same for a service outside of a plan.</summary>
    public static TimeSpan ShiftsIn(App app, Service service, EcsService now, int? retired) => IsEmptyIn(app, service, now, retired)
        ? TimeSpan.Zero : ShiftSettings.Takes(DeploymentConfiguration.ForRollout(now.Configuration, service));

    public ServiceFacts Facts(App app) => new()
    {
        App = app.Name,
        Manifest = Spec.Service,
        Name = Name,
        Service = Service,
        IsNamed = Settings.Service is not null,
        TaskDefinition = Base?.Definition,
        HasSecrets = Spec.Secrets.Count > 0,
        Platforms = [.. (Spec.Content.Artifact?.RuntimeIdentifiers ?? []).Select(PlatformOf).Distinct()],
        Supersedes = InFlight is not null,
        HasWayBack = IsCompleted,
        Count = CountAfter(app) ?? 1,
    };

    /// <summary>Returns the input of RegisterTaskDefinition. Fails with <see cref="AwsProblemCode.Refused"/>.</summary>
    /// <param name="rollout">The rollout of the release.</param>
    /// <param name="cluster">The name of the cluster.</param>
    /// <param name="secrets">The reference from which ECS reads the value of each key of the release's environment.</param>
    public JsonObject TaskDefinition(Rollout rollout, string cluster, IReadOnlyDictionary<string, string> secrets) =>
        Aws.TaskDefinition.Create(
            Base!,
            ReleaseOf(rollout.App, rollout.Release, cluster, secrets, [.. Ports(), .. Variables()]) with { Promotion = rollout.Promotion });

    /// <summary>Returns the input of RegisterTaskDefinition for the service's <c>release</c> command.</summary>
    public JsonObject CommandDefinition(
        Rollout rollout, string cluster, IReadOnlyDictionary<string, string> secrets) => Aws.CommandDefinition.Create(
        Base!, ReleaseOf(
            rollout.App, rollout.Release, cluster, secrets, Variables()) with
        { Promotion = rollout.Promotion }, Spec.Service.Release!);

    /// <summary>Returns the input of RegisterTaskDefinition for the service's <c>verify</c> command.</summary>
    /// <param name="rollout">The rollout of the release.</param>
    /// <param name="cluster">The name of the cluster.</param>
    /// <param name="secrets">The reference from which ECS reads the value of each key of the release's environment.</param>
    /// <param name="target">The address of a new process, or null if there is none.</param>
    /// <param name="id">The mark by which the task definition is found.</param>
    public JsonObject VerifyDefinition(
        Rollout rollout, string cluster, IReadOnlyDictionary<string, string> secrets, string? target, string id)
    {
        var release = ReleaseOf(rollout.App, rollout.Release, cluster, secrets, [.. target is null ? [] : Target(target), .. Variables()]);
        var others = target is null ? release.Secrets : release.Secrets.Where(s => s.Key != TargetVariable).ToDictionary();
        return Aws.CommandDefinition.Create(Base!, release with { OneOff = id, Secrets = others }, Spec.Service.Verify!);

        static KeyValuePair<string, string>[] Target(string address) => [new(TargetVariable, address)];
    }

    /// <summary>Returns the input of RegisterTaskDefinition for a one-off process.</summary>
    public JsonObject CommandDefinition(
        OneOff oneOff, string cluster, IReadOnlyDictionary<string, string> secrets, string id) => Aws.CommandDefinition.Create(
        Base!, ReleaseOf(oneOff.App, oneOff.Release, cluster, secrets, Variables()) with { OneOff = id }, oneOff.Command);

    private const string TargetVariable = "TARGET_URL";

    /// <summary>The name of the service's own container. Fails with <see cref="AwsProblemCode.Refused"/>.</summary>
    public string Container => ServiceContainer.NameIn(Base!.Definition, Spec.Service.Name, Settings.Container, Service?.LoadBalancers);

    private TaskRelease ReleaseOf(
        App app, Release release, string cluster,
        IReadOnlyDictionary<string, string> secrets, IEnumerable<KeyValuePair<string, string>> variables) => new()
        {
            Cluster = cluster,
            App = app.Name,
            Release = release.Id,
            Service = Spec.Service,
            Container = Container,
            Image = Spec.Content.Artifact?.Reference ?? "",
            Build = Spec.Content.Build,
            Commit = Spec.Content.Commit,
            Variables = variables.DistinctBy(v => v.Key).ToDictionary(StringComparer.Ordinal),
            Secrets = Spec.Secrets.Where(secrets.ContainsKey).ToDictionary(k => k, k => secrets[k]),
        };

    private IEnumerable<KeyValuePair<string, string>> Variables() => Spec.Environment.Where(v => !Spec.Secrets.Contains(v.Key))
        .Select(v => KeyValuePair.Create(
            v.Key,
            DeferredVariables.Resolve(v.Value, name => name == "PORT" ? Spec.Service.Port?.ToString(CultureInfo.InvariantCulture) : null)));

    private IEnumerable<KeyValuePair<string, string>> Ports()
    {
        if (Spec.Service.Port?.ToString(CultureInfo.InvariantCulture) is not { } port) yield break;
        yield return new("PORT", port);
        if (Spec.Content.Artifact is { AspNetCore: true }) yield return new("ASPNETCORE_HTTP_PORTS", port);
    }

    /// <summary>Converts a runtime identifier to a platform: <c>linux-musl-x64</c> to <c>linux/amd64</c>.</summary>
    private static string PlatformOf(string rid)
    {
        var parts = rid.Split('-');
        var system = parts[0].StartsWith("win", StringComparison.Ordinal) ? "windows" : "linux";
        return $"{system}/{(parts[^1] == "x64" ? "amd64" : parts[^1])}";
    }
}
