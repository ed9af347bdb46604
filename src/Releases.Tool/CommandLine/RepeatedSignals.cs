using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// What a signal means that comes after the first. GNU timeout, supervisors and terminals send the same one twice, to the process and to
/// its group, and whoever wants a process dead whatever it does has SIGKILL.
/// </summary>
internal sealed class RepeatedSignals(TimeProvider time)
{
    /// <summary>Two that are closer together are one press.</summary>
    public static TimeSpan OnePress { get; } = TimeSpan.FromMilliseconds(300);

    private long? _first;

    /// <summary>What to do now.</summary>
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
        /// <summary>The command ends, and reports what continues without it.</summary>
        Leave,

        /// <summary>It ends already.</summary>
        Nothing,

        /// <summary>A person pressed Ctrl-C once more.</summary>
        EndAtOnce,
    }
}
