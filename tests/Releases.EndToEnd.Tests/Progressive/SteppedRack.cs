using Xunit;

namespace Releases.EndToEnd.Tests.Progressive;

/// <summary>A rack with an active release, and the next one to promote by steps.</summary>
internal sealed class SteppedRack : IAsyncDisposable
{
    private const string Plain = "port: 8080, health: /health";

    public TestRack Rack { get; } = new();

    public Release Old { get; private set; } = null!;

    public Release Next { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes it.</summary>
    /// <param name="next">What the service states from the next release on.</param>
    /// <param name="old">What it stated before.</param>
    public static async Task<SteppedRack> Make(string next, string old = "") => await Make(
        [("web", next)], [("web", old)]);

    public static async Task<SteppedRack> Make((string Service, string States)[] next, (string Service, string States)[] old)
    {
        var made = new SteppedRack();
        made.Old = await made.Publish(old);
        await made.Rack.Do("promote");
        made.Next = await made.Publish(next);
        return made;
    }

    /// <summary>Waits until a step has begun, or the promotion has ended: then the test fails with what it printed.</summary>
    public async Task<Promotion> UntilStep(int step, RunningTool promoting)
    {
        Promotion? now = null;
        await Rack.Until(async () => (now = await Rack.LastPromotion()).Release == Next.Id
            && (now.Traffic?.Step >= step || promoting.Ended.IsCompleted), $"step {step} begins");
        Assert.True(now!.Traffic?.Step == step && !now.Ended, $"{now.Status}: {now.Reason}\n{promoting.Output}{promoting.Errors}");
        return now;
    }

    /// <summary>Holds that it succeeded by exit code, record and text.</summary>
    public async Task<(ToolRun Run, Promotion Promotion)> Succeeds(RunningTool promoting)
    {
        var run = await promoting.Ended;
        Assert.True(run.ExitCode == 0, $"{run.ExitCode}\n{run.All}\n{Rack.DaemonLog()}");
        Assert.StartsWith($"{Next.Label} is active\n", run.Out, StringComparison.Ordinal);
        var promotion = await Rack.LastPromotion();
        Assert.Equal((PromotionStatus.Succeeded, null, (ReleaseId?)Next.Id), (promotion.Status, promotion.Reason, await Rack.Active()));
        return (run, promotion);
    }

    /// <summary>Asserts that it failed, by exit code, record and text, and that the previous release is live.</summary>
    public async Task<(ToolRun Run, Promotion Promotion)> Fails(RunningTool promoting, string reason)
    {
        var run = await promoting.Ended;
        Assert.True(run.ExitCode == 3, $"{run.ExitCode}\n{run.All}\n{Rack.DaemonLog()}");
        var promotion = await Rack.LastPromotion();
        Assert.Matches($"^{reason}$", promotion.Reason!);
        Assert.Equal((PromotionStatus.Failed, (ReleaseId?)Old.Id), (promotion.Status, await Rack.Active()));
        Assert.EndsWith(
            $"error CONVOX0024: v{Next.Number} ({Next.Id}) wasn't promoted: {promotion.Reason} v{Old.Number} ({Old.Id}) is still live. "
                + $"Details: dotnet convox promotions info {promotion.Id}\n", run.Error, StringComparison.Ordinal);
        var info = await Rack.Do("promotions", "info");
        Assert.Matches($"(?m)^Reason +{reason}$", info);
        foreach (var service in promotion.Services)
        {
            Assert.Equal(ServiceStatus.RolledBack, service.Status);
            for (var i = 0; i < 20; i++)
                Assert.StartsWith(Old.Id.ToString(), await Rack.Get("/work", $"{service.Service}"), StringComparison.Ordinal);
        }

        return (run, promotion);
    }

    /// <summary>Who answers <c>web</c> to whoever asks for a release, and which one the answer names.</summary>
    public async Task<(string Answered, string? Named)> AskFor(ReleaseId? release)
    {
        using var client = new HttpClient { BaseAddress = await Rack.Address("web") };
        if (release is { } asked) client.DefaultRequestHeaders.Add("X-Convox-Release", asked.ToString());
        using var answer = await client.GetAsync(new Uri("/work", UriKind.Relative), Cancel);
        return ((await answer.Content.ReadAsStringAsync(Cancel)).Trim(),
            answer.Headers.TryGetValues("X-Convox-Release", out var named) ? Assert.Single(named) : null);
    }

    public ValueTask DisposeAsync() => Rack.DisposeAsync();

    private Task<Release> Publish((string Service, string States)[] services) => Rack.Publish(
        "environment: [KESTREL=1]\nservices:\n" + string.Concat(services.Select(s =>
            $"  {s.Service}: {{ {Plain}{(s.States.Length == 0 ? "" : ", " + s.States)} }}\n")),
        [.. services.Select(s => s.Service)]);
}
