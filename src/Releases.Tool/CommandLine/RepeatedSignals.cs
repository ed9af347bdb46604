using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// Decides what a repeated signal means. GNU timeout, supervisors and terminals send the same signal twice, to the process and to its
/// group, so only a later Ctrl-C counts as a second request; SIGKILL always ends the process.
/// </summary>
internal sealed class RepeatedSignals(TimeProvider time)
{
    /// <summary>Gets the interval within which two signals count as one key press.</summary>
    public static TimeSpan OnePress { get; } = TimeSpan.FromMilliseconds(300);

    private long? _first;

    /// <summary>Returns how to react to a signal.</summary>
    public Meaning Of(PosixSignal signal)
    {
        if (_first is not { } first)
        {
            _first = time.GetTimestamp();
            return Meaning.Leave;
        }

        return signal == PosixSignal.SIGINT && time.GetElapsedTime(first) >= OnePress ? Meaning.EndAtOnce : Meaning.Nothing;
    }

    public enum Meaning
    {
        /// <summary>Ends the command, which reports what continues without it.</summary>
        Leave,

        /// <summary>Ignores the signal, because the command is already ending.</summary>
        Nothing,

        /// <summary>Ends the process at once, because Ctrl-C was pressed again.</summary>
        EndAtOnce,
    }
}
