using System.Globalization;

namespace Releases.Local;

/// <summary>
/// For tests of recovery: with <c>CONVOX_FAILPOINT=n</c> a daemon ends itself, as <c>kill -9</c> would, at the n-th of its
/// moments right before and right after each write to the rack's records.
/// </summary>
internal static class FailPoint
{
    private static int _left;

    /// <summary>Commands of the same environment are not meant.</summary>
    public static void Arm() =>
        _left = int.TryParse(Environment.GetEnvironmentVariable("CONVOX_FAILPOINT"), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;

    public static void Pass()
    {
        if (Interlocked.Decrement(ref _left) == 0) _ = NativeProcess.kill(Environment.ProcessId, NativeProcess.SIGKILL);
    }
}
