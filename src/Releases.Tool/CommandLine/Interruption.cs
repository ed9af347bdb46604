using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation, so that a command can say what goes on without it; the second one kills.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _isForAnother;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Leave),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>While a program shares the terminal, Ctrl-C and Ctrl-\ are for that program.</summary>
    public async Task LeaveTo(Func<Task> program)
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

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        if (_source.IsCancellationRequested) return;
        signal.Cancel = true;
        if (!_isForAnother || signal.Signal != PosixSignal.SIGINT) _source.Cancel();
    }

    private void Leave(PosixSignalContext signal) => signal.Cancel = _isForAnother;
}
