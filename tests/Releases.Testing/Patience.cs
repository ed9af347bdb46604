using Xunit;

namespace Releases.Testing;

/// <summary>How long a test waits for what has to happen. Nothing takes so long, however busy the machine is, so only what is broken meets
/// it.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Between two looks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for another process or thread, whose time isn't the test's; what does not become so fails the test.</summary>
    public static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    /// <summary>The same for what has to be read.</summary>
    /// <param name="isSo">Looks.</param>
    /// <param name="failure">What the failed test says.</param>
    /// <param name="pause">Between two looks, where looking costs more than a moment.</param>
    public static async Task Until(Func<Task<bool>> isSo, Func<string>? failure = null, TimeSpan? pause = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await isSo())
        {
            if (limit.IsCancellationRequested) Assert.Fail(failure?.Invoke() ?? $"What the test waits for was not so after {Limit}.");
            await Task.Delay(pause ?? Pause, CancellationToken.None);
        }
    }
}
