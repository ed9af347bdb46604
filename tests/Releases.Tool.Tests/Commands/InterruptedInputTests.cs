using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Ctrl-C and SIGTERM end a command that waits for its standard input.</summary>
public sealed class InterruptedInputTests : Typing
{
    [Theory]
    [InlineData(true, "env set")]
    [InlineData(true, "env set -")]
    [InlineData(false, "env set -")]
    [InlineData(false, "env set")]
    [InlineData(true, "hooks add github --token-file -")]
    [InlineData(false, "hooks add github --token-file -")]
    [InlineData(true, "apps delete hello")]
    public async Task Nothing_changes(bool attended, string line)
    {
        await Rack.Store.Release(cancel: Ending);
        var before = await Rack.Store.ListEvents(A.App, 10, Ending);
        using var silence = new SilentReader();
        using var interrupt = new CancellationTokenSource();

        var running = Begin(at => (at.Attended, at.Keyboard) = (attended, silence), interrupt.Token, line.Split(' '));
        await silence.IsRead;
        await interrupt.CancelAsync();

        Assert.Equal(130, await running);
        Assert.Equal(before, await Rack.Store.ListEvents(A.App, 10, Ending));
    }

    /// <summary>Nobody types anything.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _closed = new();

        public Task IsRead => _isRead.Task;

        public override int Read()
        {
            _isRead.TrySetResult();
            _closed.Wait();
            return -1;
        }

        public override int Read(char[] buffer, int index, int count) => Math.Max(0, Read());

        public override string? ReadLine() => Read() < 0 ? null : "";

        public override string ReadToEnd() => $"{ReadLine()}";

        protected override void Dispose(bool disposing)
        {
            _closed.Set();
            base.Dispose(disposing);
        }
    }
}
