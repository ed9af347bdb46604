using System.Collections.Concurrent;

namespace Releases.Testing;

/// <summary>Begins promotions as the product does and then drives them as the test scripts it, one state at each look.</summary>
public sealed class ScriptedDriver(FakeRack rack) : IPromotionDriver
{
    private readonly ConcurrentQueue<Func<Promotion, Promotion>> _script = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _nudges;

    /// <summary>The lock under which it drives; null: nothing has begun.</summary>
    public PromotionLock? Held { get; set; }

    public SharedList<PromotionRequest> Begun { get; } = [];

    public int Nudges => Volatile.Read(ref _nudges);

    /// <summary>The id that the promotions get, so that a text can be expected.</summary>
    public PromotionId? Promotion => Begun.Count > 0 ? Begun[^1].Id : null;

    /// <summary>Whether it continues only while somebody asks for a driver, as where the tool itself drives.</summary>
    public bool WaitsToBeDriven { get; set; }

    /// <summary>Whether it died and does nothing until somebody asks for a driver.</summary>
    public bool IsGone { get; set; }

    /// <summary>Done once a promotion has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How long the caller of a promotion that has begun waits for the response.</summary>
    public Task Response { get; set; } = Task.CompletedTask;

    /// <summary>Called before anything is written.</summary>
    public Action BeforeItBegins { get; set; } = () => { };

    /// <summary>Called once a promotion has begun and before its caller knows.</summary>
    public Action BeforeItsResponse { get; set; } = () => { };

    /// <summary>What has to be done before a promotion can be left.</summary>
    public Func<Action<string>, CancellationToken, Task<string?>> Leaving { get; set; } = (_, _) =>
        Task.FromResult<string?>("continues in the background");

    public Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default) =>
        Leaving(waiting, cancel);

    public ScriptedDriver Then(Func<Promotion, Promotion> next)
    {
        _script.Enqueue(next);
        return this;
    }

    /// <summary>Web comes to a status.</summary>
    public ScriptedDriver Web(
        ServiceStatus status, int healthy = 0, int old = 0, string? reason = null, params string[] lastLines) => Then(p => p with
        {
            Status = status is ServiceStatus.RollingBack or ServiceStatus.RolledBack
                ? PromotionStatus.RollingBack
                : PromotionStatus.RollingOut,
            Services = [new() { Service = A.Web, Desired = 2, Running = 2, Healthy = healthy, Old = old, Status = status, Reason = reason,
            LastLines = lastLines }],
        });

    /// <summary>The promotion ends.</summary>
    public ScriptedDriver Ends(PromotionStatus outcome, string? reason = null, Func<Promotion, Promotion>? with = null) =>
        Then(p => (with?.Invoke(p) ?? p) with { Status = outcome, Reason = reason ?? p.Reason, EndedAt = A.Moment });

    public async Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        BeforeItBegins();
        var app = await rack.Records.RequireApp(request.App, cancel);
        var release = request.Adds?.Release ?? await rack.Records.RequireRelease(request.App, request.Release, cancel);
        app.RequireUnlocked();
        await rack.Records.RequireActive(app, request.ExpectActive, request.ExpectsNone, cancel);
        var promotion = A.Promotion(release, previous: app.Active) with { Id = request.Id, StartedBy = request.By, Trace = request.Trace };
        var begins = new PromotionBeginning(promotion, "a test", A.Event(EventKind.PromotionStarted, release.Id, request.Id));
        if (request.Adds is { } addition)
        {
            if (!await rack.Store.TryAddRelease(addition with { Begins = begins }, cancel)) return false;
            Held = PromotionLock.For(promotion, begins.Owner);
        }
        else Held = await rack.Records.BeginPromotion(promotion, begins.Owner, begins.Event, cancel);

        Held = await rack.Records.RenewLock(Held, A.Moment + TimeSpan.FromMinutes(15), cancel);
        Begun.Add(request);
        BeforeItsResponse();
        await Response;
        cancel.ThrowIfCancellationRequested();
        return true;
    }

    /// <summary>Why it can't be reached, or null if it can.</summary>
    public Problem? Unreachable { get; set; }

    public Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        if (Unreachable is { } why) throw why.ToException();
        Interlocked.Increment(ref _nudges);
        IsGone = false;
        return WaitsToBeDriven ? Step() : Task.CompletedTask;
    }

    /// <summary>The next state of the script is written.</summary>
    public async Task Step()
    {
        if (IsGone || Held is not { } held || !_script.TryDequeue(out var next)) return;
        var promotion = next((await rack.Records.FindPromotion(held.App, held.Promotion))!);
        if (!promotion.Ended)
        {
            await rack.Records.SavePromotion(held, promotion);
            return;
        }

        await rack.Records.FinishPromotion(held, promotion, A.Event(EventKind.PromotionEnded, promotion.Release, promotion.Id));
        // What is left of the script is for the next promotion.
        Held = null;
        _ended.TrySetResult();
    }
}
