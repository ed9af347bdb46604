using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Applies the count of a service in the app's record to its ECS service, outside of a promotion.</summary>
internal sealed class ServiceScaling(
    IReleaseStore store, ReleasedManifests manifests, EcsClient client, FencedChange change, DesiredCounts counts)
{
    /// <summary>After a lost response the request is repeated, which is harmless, because it sets the same count.</summary>
    private const int MaxAttempts = 3;

    /// <summary>
    /// Does nothing if the active release doesn't have the service. Other services keep the counts that they have on ECS.
    /// </summary>
    public async Task Run(AppName name, ServiceName service, CancellationToken cancel)
    {
        var app = await store.RequireApp(name, cancel);
        if (app.Active is not { } active || await store.FindRelease(name, active, cancel) is not { } release
            || await manifests.Find(app, release, cancel) is not { } manifest
            || manifest.Services.FirstOrDefault(s => s.Name == service) is not { } stated) return;
        var ecs = AwsSettings.From(stated).NameOf(name, service);
        try
        {
            if ((await client.Services([ecs], cancel)).TryGetValue(ecs, out var now)
                && ServicePlan.CountIn(app, stated, now.DesiredCount) is { } count && count != now.DesiredCount)
                await Set(ecs, count, cancel);
        }
        catch (Exception failure) when (AwsProblems.From(failure, "ECS") is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    private async Task Set(string service, int count, CancellationToken cancel)
    {
        if (await counts.IsAutoScaled(service, cancel))
            throw new Problem(
                AwsProblemCode.Refused,
                $"Application Auto Scaling manages the count of the ECS service {service}. The count didn't change.",
                "Change the minimum and maximum of its scalable target.").ToException();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await change.Send(
                    () => Task.CompletedTask, "UpdateService", new JsonObject { ["service"] = service, ["desiredCount"] = count }, cancel);
                return;
            }
            catch (UnknownOutcomeException) when (attempt < MaxAttempts)
            {
            }
        }
    }
}
