using System.Globalization;

namespace Releases.Local;

/// <summary>
/// Provides fail points for recovery tests. With <c>CONVOX_FAILPOINT=n</c>, a daemon kills itself, as <c>kill -9</c> would, at the n-th of
/// the points right before and right after each write to the rack's database. With <c>CONVOX_FAILPOINT_FILES=n</c>, a test's process does
/// so between the writes of stored files.
/// </summary>
internal static class FailPoint
{
    private static int _left;
    private static int _leftOfFiles;

    /// <summary>Arms the fail point of database writes. Only daemons call this, not commands with the same environment.</summary>
    public static void Arm() => _left = Step("CONVOX_FAILPOINT");

    /// <summary>Arms the fail point of file writes. Only tests call this.</summary>
    public static void ArmFiles() => _leftOfFiles = Step("CONVOX_FAILPOINT_FILES");

    public static void Pass() => Pass(ref _left);

    public static void PassFiles() => Pass(ref _leftOfFiles);

    private static int Step(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;
    }

    private static void Pass(ref int left)
    {
        if (Volatile.Read(ref left) <= 0) return;
        if (Interlocked.Decrement(ref left) == 0) _ = NativeProcess.kill(Environment.ProcessId, NativeProcess.SIGKILL);
    }
}
