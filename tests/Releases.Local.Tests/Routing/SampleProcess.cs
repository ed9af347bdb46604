using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>The sample program, running on a port of its own until it is disposed.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SampleProcess(Process process, int port, ReleaseId? release)
    {
        _process = process;
        Port = port;
        Target = new RouteTarget($"web-{process.Id}", port) { Release = release };
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public RouteTarget Target { get; }

    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace("Releases.Local.Tests", "SampleApp", StringComparison.Ordinal), "SampleApp.dll"));

    public static async Task<SampleProcess> Start(params (string Name, string Value)[] environment)
    {
        var port = FreePort.Take();
        var start = new ProcessStartInfo("dotnet", [Program]) { RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["KESTREL"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit);
        Assert.StartsWith("listening", line, StringComparison.Ordinal);
        return new SampleProcess(process, port, ReleaseId.Read(environment.FirstOrDefault(e => e.Name == "RELEASE").Value));
    }

    /// <summary>Asks it to end and waits until it has.</summary>
    public async Task Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }
}
