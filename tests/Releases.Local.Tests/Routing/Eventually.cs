using Releases.Testing;

namespace Releases.Local.Tests;

/// <summary>Waits for what comes about by itself, and fails when it does not.</summary>
internal static class Eventually
{
    public static async Task True(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition()) await Task.Delay(5, limit.Token);
    }

    public static async Task True(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await condition()) await Task.Delay(20, limit.Token);
    }
}
