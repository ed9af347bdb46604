using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Applies the counts in the app's record to ECS services, outside of a promotion.</summary>
internal sealed class ScaleServices(IReleaseStore store, EcsClient client, FencedChange change, DesiredCounts counts)
{
    /// <summary>After a lost response the request is repeated, which is harmless, because it sets the same count.</summary>
    private const int MaxAttempts = 3;

    public async Task Run(AppName name, CancellationToken cancel)
    {
        var app = await store.RequireApp(name, cancel);
        if (app.Active is not { } active || await store.FindRelease(name, active, cancel) is not { } release
            || await store.FindManifest(release, cancel) is not { } manifest) return;
        var named = manifest.Services.Select(s => (Service: s, Ecs: AwsSettings.From(s).NameOf(name, s.Name))).ToList();
        try
        {
            var running = await client.Services(named.Select(n => n.Ecs), cancel);
            foreach (var (service, ecs) in named.Where(n => running.ContainsKey(n.Ecs)))
                if (ServicePlan.CountIn(app, service, running[ecs].DesiredCount) is { } count && count != running[ecs].DesiredCount)
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
