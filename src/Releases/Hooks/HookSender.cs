namespace Releases;

/// <summary>Sends each message in its hook's format.</summary>
/// <param name="http">For everything that is sent over HTTP.</param>
/// <param name="eventBus">For buses of events; null: the rack has none.</param>
/// <param name="time">When it is sent.</param>
public sealed class HookSender(HookHttp http, IHookSender? eventBus, TimeProvider time) : IHookSender
{
    private readonly WebhookSender _webhooks = new(http, time);
    private readonly GitHubSender _gitHub = new(http);

    /// <inheritdoc/>
    public Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        return message.Hook.Payload switch
        {
            HookFormat.Json or HookFormat.Slack => _webhooks.Send(message, cancel),
            HookFormat.GitHub => _gitHub.Send(message, cancel),
            _ when eventBus is not null => eventBus.Send(message, cancel),
            _ => Task.FromResult(HookReply.Failed("this rack has no event buses")),
        };
    }
}
