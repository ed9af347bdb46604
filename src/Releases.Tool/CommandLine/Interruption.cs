using System.Runtime.InteropServices;
using Releases.Local;

namespace Releases.Tool;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation, so that a command can report what continues without it; a second Ctrl-C
/// kills.</summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource _source = new();
    private static readonly RepeatedSignals _signals = new(TimeProvider.System);
    private static volatile bool _isForAnother;

    public static CancellationToken Token => _source.Token;

    /// <summary>From now on.</summary>
    public static void Catch()
    {
        SignalHandlers.Catch(PosixSignal.SIGINT, Cancel);
        SignalHandlers.Catch(PosixSignal.SIGTERM, Cancel);
        SignalHandlers.Catch(PosixSignal.SIGQUIT, Leave);
    }

    /// <summary>While a program shares the terminal, Ctrl-C and Ctrl-\ are for that program.</summary>
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
