using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>
/// Promotions of real processes, driven as the daemon does it. The processes and the router live by the machine's clock, the driver by the
/// test's: a step lasts until the test says that its time is over, however busy the machine is.
/// </summary>
internal sealed class ProgressiveRun : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 50 });

    /// <summary>A test that fails leaves no driver behind.</summary>
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

    private ProgressiveRun(LocalEngineWorld world) => World = world;

    public LocalEngineWorld World { get; }

    /// <summary>Every answer of the services so far: the release, and whether it was one.</summary>
    public ConcurrentBag<(ReleaseId Release, int Status)> Responses { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ReleasePlanReader Plans => new(World.Rack.Store, World.Rack.Vault, "local");

    public static async Task<ProgressiveRun> Make()
    {
        var world = await LocalEngineWorld.Make();
        world.Declares = "environment: [KESTREL=1]\n";
        return new(world);
    }

    /// <summary>A release with this under <c>services</c>.</summary>
    public async Task<Release> Release(string manifest, params string[] services) => (await World.Release(manifest, [], services)).Release;

    /// <summary>Promotes it until the promotion has ended.</summary>
    public async Task Active(Release release) => Assert.Equal(PromotionStatus.Succeeded, (await (await Promote(release)).Ended).Status);

    /// <summary>Begins its promotion.</summary>
    public async Task<Running> Promote(Release release, TimeSpan? holdFor = null)
    {
        var request = new PromotionRequest(PromotionId.New(), A.App, release.Id, A.Person) { HoldFor = holdFor };
        var held = (await new BeginPromotion(World.Rack.Store, Plans, _clock).Run(request, "a test", Cancel)).Held!;
        var driver = new PromotionDriver(World.Rack.Store, Plans, World.Rack.Artifacts, World.Engine, _clock);
        return new(request.Id, Task.Run(() => driver.Drive(held, _stop.Token)));
    }

    public async Task<Promotion> Read(Running running) => (await World.Rack.Store.FindPromotion(A.App, running.Id, Cancel))!;

    /// <summary>Waits until it comes to this.</summary>
    public Task Until(Running running, Func<Promotion, bool> isSo) => Patience.Until(async () =>
    {
        if (running.Ended.IsFaulted) await running.Ended;
        return isSo(await Read(running));
    });

    /// <summary>Waits until a step has begun and the router has it: with a share some requests are the release's, else all of
    /// them.</summary>
    public async Task UntilStep(Running running, int step, ReleaseId release)
    {
        await Until(running, p => p.Traffic?.Step == step || p.Ended);
        var read = await Read(running);
        var now = read.Traffic!;
        Assert.True(now.Step == step, $"at step {now.Step}: {read.Reason}");
        await Patience.Until(async () =>
        {
            var answers = await Ask(now.Percent == 100 ? 50 : 1);
            return answers.All(a => a.Release == release);
        });
    }

    /// <summary>The time of the current step, bake or hold is over.</summary>
    public void Pass(TimeSpan time) => _clock.Advance(time);

    public Task Approve(Running running) =>
        World.Rack.Store.Approve(A.App, running.Id, A.Event(EventKind.PromotionApproved, promotion: running.Id), Cancel);

    /// <summary>Asks a service once.</summary>
    public async Task<(ReleaseId Release, int Status)> Ask(string service = "web")
    {
        using var answer = await _client.GetAsync(new Uri(World.Address(service), "work"), Cancel);
        var found = (ReleaseId.Parse((await answer.Content.ReadAsStringAsync(Cancel)).Split(' ')[0]), (int)answer.StatusCode);
        Responses.Add(found);
        return found;
    }

    /// <summary>Asks a service so often, over 50 connections.</summary>
    public async Task<IReadOnlyList<(ReleaseId Release, int Status)>> Ask(int count, string service = "web")
    {
        var answers = new ConcurrentBag<(ReleaseId, int)>();
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancel }, async (
                _, _) => answers.Add(await Ask(service)));
        return [.. answers];
    }

    /// <summary>Asks <c>web</c> for a release, or for none: which one answered, and which one the answer names.</summary>
    public async Task<(ReleaseId Release, string? Named)> AskFor(ReleaseId? release)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(World.Address("web"), "work"));
        if (release is { } asked) request.Headers.Add("X-Convox-Release", asked.ToString());
        using var answer = await _client.SendAsync(request, Cancel);
        return (
            ReleaseId.Parse((await answer.Content.ReadAsStringAsync(Cancel)).Split(' ')[0]),
            answer.Headers.TryGetValues("X-Convox-Release", out var named) ? Assert.Single(named) : null);
    }

    /// <summary>Asks <c>web</c> so often as one visitor, who keeps his cookies.</summary>
    public async Task<IReadOnlyList<ReleaseId>> Visit(int count)
    {
        using var visitor = new HttpClient();
        var met = new List<ReleaseId>();
        for (var i = 0; i < count; i++)
            met.Add(ReleaseId.Parse((await visitor.GetStringAsync(new Uri(World.Address("web"), "work"), Cancel)).Split(' ')[0]));
        return met;
    }

    /// <summary>Asks a service until its promotion has ended.</summary>
    public async Task<Promotion> AskUntilTheEnd(Running running, string service = "web")
    {
        while (!running.Ended.IsCompleted) await Ask(100, service);
        return await running.Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _client.Dispose();
        await World.DisposeAsync();
        _stop.Dispose();
    }
}

/// <summary>A promotion that is driven.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Ended">Its end.</param>
internal sealed record Running(PromotionId Id, Task<Promotion> Ended);
