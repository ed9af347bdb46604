namespace Releases.Testing;

/// <summary>How long a test waits for what has to happen. Nothing takes so long, however busy the machine is, so only what is broken meets
/// it.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Waits for another process or thread, whose time isn't the test's.</summary>
    public static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    /// <summary>The same for what has to be read.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await isSo()) await Task.Delay(20, limit.Token);
    }
}
