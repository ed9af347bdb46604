namespace Releases;

/// <summary>Represents a hook that is to be added.</summary>
/// <param name="App">The app.</param>
/// <param name="Target">An address, <c>eventbridge:&lt;bus&gt;</c>, or <c>github</c>.</param>
/// <param name="Events">Groups and kinds, separated by commas; promotions and releases if null.</param>
/// <param name="Format">The format of what is sent; derived from the target if null.</param>
/// <param name="Token">The GitHub token, or null if there is none.</param>
/// <param name="AllowsPrivate">Whether it may be delivered to a private network, and without TLS.</param>
public sealed record NewHook(App App, string Target, string? Events = null, HookFormat? Format = null, string? Token = null,
    bool AllowsPrivate = false)
{
    /// <summary>Returns a text without secrets.</summary>
    public override string ToString() => $"a hook of {App.Name}";
}

/// <summary>Represents a hook that was added.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Secret">The secret for verifying signatures, to be shown once; null if deliveries aren't signed.</param>
public sealed record AddedHook(Hook Hook, string? Secret)
{
    /// <summary>Returns the id, and no secret.</summary>
    public override string ToString() => Hook.Id.ToString();
}

/// <summary>Adds a hook to an app, which delivers the events from now on.</summary>
public sealed class AddHook(OperationContext context)
{
    private const int EventFormat = 2;

    /// <summary>
    /// Adds the hook. Fails with <see cref="ProblemCode.Usage"/> if the request is invalid, and with <see cref="ProblemCode.NotSupported"/>
    /// if the rack has no event buses.
    /// </summary>
    public async Task<AddedHook> Run(NewHook request, CancellationToken cancel)
    {
        var target = HookTarget.Parse(request.Target, request.Format, request.AllowsPrivate,
            request.App.Sources.LastOrDefault(s => s.Remote is not null)?.Remote);
        RequireSupport(target);
        var events = EventsOf(request, target);
        RequireToken(request, target);
        var secrets = new HookSecrets(
            target.Address, target.Payload == HookFormat.Json ? StandardWebhooks.NewSecret() : null,
            target.Payload == HookFormat.GitHub ? request.Token : null);
        var under = SnapshotId.New();
        var by = await context.By(cancel);
        var hook = new Hook
        {
            Id = HookId.New(),
            App = request.App.Name,
            Payload = target.Payload,
            Target = target.Shown,
            Events = events,
            SealedUnder = under,
            Sealed = await context.Rack.Vault.Seal(request.App.Name, under, secrets.ToEnvironment(), cancel),
            AllowsPrivate = request.AllowsPrivate,
            After = await context.Rack.Hooks.LastPosition(request.App.Name, cancel),
            CreatedAt = context.Now,
            CreatedBy = by,
        };
        await context.Rack.Hooks.AddHook(hook, EventOf(hook, EventKind.HookAdded, by, context.Now), cancel);
        return new(hook, secrets.Signing);
    }

    internal static Event EventOf(Hook hook, EventKind kind, string by, DateTimeOffset now) =>
        new() { Format = EventFormat, At = now, Kind = kind, By = by, Detail = $"{hook.Id} to {hook.Target}" };

    private void RequireSupport(HookTarget target)
    {
        if (target.Payload == HookFormat.EventBridge && context.Rack.EventBus is null)
            throw new Problem(
                ProblemCode.NotSupported, $"rack {context.Rack.Address} has no event buses; nothing changed.",
                Remedy.Do(Operation.AddHook, "Deliver to an address", "https://example.org/hooks/releases"), ProblemKind.Usage)
                .ToException();
    }

    /// <summary>GitHub only has a use for deployments.</summary>
    private static IReadOnlyList<string> EventsOf(NewHook request, HookTarget target)
    {
        if (target.Payload != HookFormat.GitHub) return HookEvents.Parse(request.Events);
        return request.Events is null
            ? [HookEvents.Code(EventKind.PromotionStarted), HookEvents.Code(EventKind.PromotionEnded)]
            : throw new Problem(
                ProblemCode.Usage, "a GitHub hook delivers only promotions; nothing changed.",
                Remedy.LeaveOut(OperationOption.Events, "Deliver promotions"),
                ProblemKind.Usage).ToException();
    }

    private static void RequireToken(NewHook request, HookTarget target)
    {
        if (target.Payload == HookFormat.GitHub && string.IsNullOrWhiteSpace(request.Token))
            throw new Problem(
                ProblemCode.Usage, "a GitHub hook needs a token that can write deployments; nothing changed.",
                Remedy.Pass(OperationOption.TokenFile, "Name a file with one, or '-' for standard input", "<file>"),
                ProblemKind.Usage).ToException();
        if (target.Payload != HookFormat.GitHub && request.Token is not null)
            throw new Problem(
                ProblemCode.Usage, "only a GitHub hook takes a token; nothing changed.",
                Remedy.LeaveOut(OperationOption.TokenFile, "Add it without one"), ProblemKind.Usage).ToException();
    }
}
