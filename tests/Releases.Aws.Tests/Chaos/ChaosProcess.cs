using System.Diagnostics;
using System.Globalization;
using Releases.Testing;

namespace Releases.Aws.Tests.Chaos;

/// <summary>A process of the tool.</summary>
internal sealed class ChaosProcess : IDisposable
{
    private readonly Process _process;
    private readonly SharedText _text = new();

    private ChaosProcess(string name, Process process)
    {
        (Name, _process) = (name, process);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Text => _text.ToString();

    /// <summary>The tool that is installed where the clock is the machine's own and CONVOX_TEST_TOOL names it.</summary>
    public static ChaosProcess Start(string name, ChaosPace pace, Dictionary<string, string?> variables, params string[] words)
    {
        var tool = pace.IsLong ? Environment.GetEnvironmentVariable("CONVOX_TEST_TOOL") : null;
        string[] arguments = tool is { Length: > 0 } ? words :
        [
            Path.Combine(AppContext.BaseDirectory, "Releases.Testing.Worker.dll"), "tool",
            pace.Speed.ToString(CultureInfo.InvariantCulture), pace.From.UtcTicks.ToString(CultureInfo.InvariantCulture), .. words,
        ];
        var start = new ProcessStartInfo(tool is { Length: > 0 } ? tool : "dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (variable, value) in variables) start.Environment[variable] = value;
        return new(name, Process.Start(start)!);
    }

    /// <summary>At once, as SIGKILL does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>As whoever ends it in an orderly way does.</summary>
    public void Terminate() => Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    public Task Ended(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _text.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null) _text.WriteLine(line);
    }
}
