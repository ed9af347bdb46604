using System.Runtime.InteropServices;
using Releases.Local;

namespace Releases.Tool;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation, so that a command can report what continues without it; a second Ctrl-C ends the
/// process at once.
/// </summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource _source = new();
    private static readonly RepeatedSignals _signals = new(TimeProvider.System);
    private static volatile bool _isForAnother;

    public static CancellationToken Token => _source.Token;

    /// <summary>Starts handling the signals.</summary>
    public static void Catch()
    {
        SignalHandlers.Catch(PosixSignal.SIGINT, Cancel);
        SignalHandlers.Catch(PosixSignal.SIGTERM, Cancel);
        SignalHandlers.Catch(PosixSignal.SIGQUIT, Leave);
    }

    /// <summary>Leaves Ctrl-C and Ctrl-\ to a program that shares the terminal, for as long as it runs.</summary>
    public static async Task LeaveTo(Func<Task> program)
    {
        _isForAnother = true;
        try
        {
            await program();
        }
        finally
        {
            _isForAnother = false;
        }
    }

    private static void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_isForAnother && signal.Signal == PosixSignal.SIGINT) return;
        switch (_signals.Of(signal.Signal))
        {
            case RepeatedSignals.Meaning.Leave:
                _source.Cancel();
                break;
            case RepeatedSignals.Meaning.EndAtOnce:
                signal.Cancel = false;
                break;
        }
    }

    private static void Leave(PosixSignalContext signal) => signal.Cancel = _isForAnother;
}
