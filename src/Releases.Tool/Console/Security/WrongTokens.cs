using System.Collections.Concurrent;
using System.Net;

namespace Releases.Tool;

/// <summary>
/// Slows down guessing: after a few wrong tokens, an address has to wait before its next attempt is checked, twice as long each time. The
/// first wrong token is reported on the terminal, and then each doubling of their number.
/// </summary>
internal sealed class WrongTokens(TimeProvider time, Action<string> tell)
{
    private const int FreeAttempts = 5;
    private const int MaxAddresses = 1024;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, Count> _wrong = new();

    /// <summary>Returns how long an address has to wait; zero if it doesn't.</summary>
    public TimeSpan WaitOf(IPAddress from) =>
        _wrong.TryGetValue(from, out var count) && count.Until - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public void Record(IPAddress from)
    {
        // Bound the memory that an attacker with many addresses can use.
        if (_wrong.Count >= MaxAddresses && _wrong.MinBy(w => w.Value.Until) is var oldest) _wrong.TryRemove(oldest.Key, out _);
        var count = _wrong.AddOrUpdate(from, _ => new(1, time.GetUtcNow()), (_, before) =>
            new(before.Times + 1, time.GetUtcNow() + WaitAfter(before.Times + 1)));
        if (int.IsPow2(count.Times))
            tell(count.Times == 1 ? $"Wrong sign-in token from {from}." : $"Wrong sign-in token from {from}, {count.Times} times now.");
    }

    public void Forget(IPAddress from) => _wrong.TryRemove(from, out _);

    private static TimeSpan WaitAfter(int times) =>
        times <= FreeAttempts ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(MaxDelay.TotalSeconds, Math.Pow(2, times - FreeAttempts)));

    private readonly record struct Count(int Times, DateTimeOffset Until);
}
