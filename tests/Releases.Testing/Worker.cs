using System.Diagnostics;

namespace Releases.Testing;

/// <summary>Another process that adds releases to a store: to a home, or to a table as <c>http://127.0.0.1:8000/#table</c>.</summary>
public sealed class Worker : IDisposable
{
    private readonly Process _process;

    public Worker(string store, int releases)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Releases.Testing.Worker.dll"), store, $"{releases}"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>The id of the next release that it was told is there; null: it has ended.</summary>
    public async Task<string?> NextId(CancellationToken cancel) => await _process.StandardOutput.ReadLineAsync(cancel);

    /// <summary>Ends it at once, wherever it is, and returns what else it had printed.</summary>
    public async Task<string[]> Kill(CancellationToken cancel)
    {
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync(cancel);
        // A line without its end may be half an id, and says nothing then.
        return rest.Split('\n')[..^1];
    }

    /// <summary>Waits for its end and returns what it printed to standard error.</summary>
    public async Task<string> Ended(CancellationToken cancel)
    {
        var error = await _process.StandardError.ReadToEndAsync(cancel);
        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode == 0 ? error : $"exit {_process.ExitCode}: {error}";
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
