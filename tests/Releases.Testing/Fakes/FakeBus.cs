namespace Releases.Testing;

/// <summary>An event bus that takes everything and remembers it.</summary>
public sealed class FakeBus : IHookSender
{
    public SharedList<HookMessage> Accepted { get; } = [];

    public Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        Accepted.Add(message);
        return Task.FromResult(new HookReply(HookOutcome.Delivered));
    }
}
