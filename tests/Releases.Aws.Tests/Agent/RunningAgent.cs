using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Agent;

/// <summary>An agent that runs beside a test, as somebody typed it.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MatrixTerminal _terminal = new();
    private readonly Task<int> _run;

    public RunningAgent(MatrixRack rack) => _run = rack.Run(_terminal, null, rack.Cluster, _stop.Token, "rack", "agent");

    public bool IsStopped => _run.IsCompleted;

    public string Text => _terminal.Text;

    /// <summary>As SIGTERM does.</summary>
    public async Task Stop()
    {
        if (IsStopped) return;
        await _stop.CancelAsync();
        Assert.True(await _run.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken) == ExitCode.Success, Text);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
        _terminal.Dispose();
    }

    /// <summary>Returns when it has printed something.</summary>
    public Task Prints(string text) => Patience.Until(
        () =>
        {
            if (Text.Contains(text, StringComparison.Ordinal)) return Task.FromResult(true);
            Assert.False(_run.IsCompleted, Text);
            return Task.FromResult(false);
        },
        () => $"The agent never printed '{text}', but:\n{Text}");
}
