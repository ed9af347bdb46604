using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What the SDK prints, read until it ends.</summary>
public sealed class DotnetProgramTests
{
    [Fact]
    public async Task A_program_that_leaves_its_output_open_to_another_is_not_waited_for()
    {
        var lines = new List<string>();
        // The time doesn't pass, so waiting for any would never end.
        var ended = await Shell("sleep 1000 & echo $!; echo hello; printf 'the last'; exit 7", lines.Add,
            TestContext.Current.CancellationToken);
        using var left = Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture));
        left.Kill();
        Assert.Equal(7, ended);
        Assert.Equal(["hello", "the last"], lines[1..]);
    }

    [Fact]
    public async Task Every_line_is_there_whatever_the_program_printed_and_where()
    {
        var lines = new List<string>();
        await Shell("seq 1 20000; seq 20001 40000 >&2; printf '\\n'", lines.Add, TestContext.Current.CancellationToken);
        Assert.Equal([.. Enumerable.Range(1, 40_000)],
            [.. lines.Where(l => l.Length > 0).Select(l => int.Parse(l, CultureInfo.InvariantCulture)).Order()]);
        Assert.Equal(40_001, lines.Count);
    }

    [Fact]
    public async Task Cancelled_it_is_ended_with_what_it_started()
    {
        using var cancel = new CancellationTokenSource();
        var child = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Shell("sleep 1000 & echo $!; wait", line => child.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)),
            cancel.Token);
        using var left = Process.GetProcessById(await child.Task);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await left.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static Task<int> Shell(string script, Action<string> line, CancellationToken cancel) =>
        DotnetProgram.Run("/bin/sh", new(["-c", script], "/", new Dictionary<string, string>()), line,
            new FakeTimeProvider(A.Moment), cancel);
}
