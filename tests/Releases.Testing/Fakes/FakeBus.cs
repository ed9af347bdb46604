namespace Releases.Testing;

/// <summary>An event bus that takes everything and remembers it.</summary>
public sealed class FakeBus : IHookSender
{
    public List<HookMessage> Taken { get; } = [];

    public Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        Taken.Add(message);
        return Task.FromResult(new HookReply(HookOutcome.Delivered));
    }
}
