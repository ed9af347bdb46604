using System.Diagnostics;

namespace Releases.Local.Tests.Processes;

/// <summary>The tool as a process, with exactly the environment that it is given.</summary>
internal sealed class StartedTool : IDisposable
{
    private readonly Process _process;

    private StartedTool(Process process) => _process = process;

    /// <summary>What a shell has anyway.</summary>
    public static IReadOnlyDictionary<string, string> Usual { get; } = new Dictionary<string, string>
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
        ["CONVOX_APP"] = "hello",
        ["CONVOX_ACTOR"] = "somebody@box",
        ["EDITOR"] = "true",
    };

    public int ProcessId => _process.Id;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static StartedTool Start(string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        // Found here, since PATH may be what is odd.
        var program = Path.IsPathRooted(BuiltTool.Command.Program) ? BuiltTool.Command.Program : Dotnet();
        var start = new ProcessStartInfo(program, [.. BuiltTool.Command.Arguments, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Usual.Concat(variables)) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Its exit code and what it said.</summary>
    public async Task<(int Code, string Talk)> End(CancellationToken cancel)
    {
        var talk = _process.StandardError.ReadToEndAsync(cancel);
        await _process.WaitForExitAsync(cancel);
        return (_process.ExitCode, await talk);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string Dotnet() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(p => Path.Combine(p, "dotnet")).First(File.Exists);
}
