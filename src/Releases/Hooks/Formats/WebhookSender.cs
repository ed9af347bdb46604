using System.Net.Http.Headers;

namespace Releases;

/// <summary>Posts a message to an address: a signed CloudEvent or a Slack message.</summary>
internal sealed class WebhookSender(HookHttp http, TimeProvider time) : IHookSender
{
    public async Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        var (body, type) = message.Hook.Payload == HookFormat.Slack
            ? (SlackMessage.Write(message), "application/json")
            : (CloudEvent.Write(message, time.GetUtcNow()), CloudEvent.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Secrets.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type, "utf-8");
        if (message.Secrets.Signing is { } secret)
        {
            foreach (var (name, value) in StandardWebhooks.Headers(secret, message.Id, time.GetUtcNow(), body))
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return (await http.Send(request, message.Hook.AllowsPrivate, readsBody: false, cancel)).ToReply();
    }
}
