namespace Releases;

/// <summary>Sends each message in its hook's format.</summary>
/// <param name="http">The HTTP client of all formats that are sent over HTTP.</param>
/// <param name="eventBus">The sender for event buses, or null if the rack has none.</param>
/// <param name="time">The clock that timestamps the messages.</param>
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
