using System.Globalization;

namespace Releases.Aws;

/// <summary>Determines what a promotion would supersede, and what its rollback would restore.</summary>
internal sealed class InFlightDeployments(EcsClient ecs)
{
    /// <summary>Returns the services of a release that someone is deploying now, or whose deployment failed.</summary>
    public async Task<IReadOnlyList<InFlightDeployment>> Find(App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel)
    {
        var named = services.ToDictionary(s => s.Service.Name, s => AwsSettings.From(s.Service).NameOf(app.Name, s.Service.Name));
        var seen = await ecs.Services(named.Values, cancel);
        var found = new List<InFlightDeployment>();
        foreach (var (service, name) in named)
        {
            if (!seen.TryGetValue(name, out var moving) || !moving.IsMoving) continue;
            var completed = await ecs.LastCompleted(name, cancel);
            found.Add(new(
                service, await What(moving, cancel), completed is null ? null : await Label(completed, cancel),
                new(service, IdOf(moving), completed))
            {
                HasFailed = moving.HasFailed,
            });
        }

        return found;
    }

    /// <summary>Identifies the deployment that a service is moving to, also among several of the same task definition.</summary>
    public static string IdOf(EcsService moving) => $"{moving.TaskDefinition} {moving.Primary?.Raw.Text("id")}".TrimEnd();

    private async Task<string> What(EcsService moving, CancellationToken cancel)
    {
        var since = moving.Primary?.Raw.Time("createdAt") is { } at
            ? string.Create(CultureInfo.InvariantCulture, $", since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
            : "";
        var definition = await ecs.TaskDefinition(moving.TaskDefinition!, cancel);
        var by = definition.RegisteredBy is { } who ? $", registered by {who}" : "";
        return $"{Label(definition)}{by}{since}";
    }

    private async Task<string> Label(string arn, CancellationToken cancel) => Label(await ecs.TaskDefinition(arn, cancel));

    /// <summary>Returns a label such as <c>shop-web:12 (release RHUWOVXKTQZ)</c>.</summary>
    private static string Label(DescribedTaskDefinition definition)
    {
        var name = definition.Arn[(definition.Arn.LastIndexOf('/') + 1)..];
        return TaskTags.Find(definition.Tags, "convox:release") is { } release ? $"{name} (release {release})" : name;
    }
}
