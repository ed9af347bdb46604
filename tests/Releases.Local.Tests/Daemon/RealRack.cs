using System.Diagnostics;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>A rack in a home of its own, run by the real tool, which is stopped with the test.</summary>
internal sealed class RealRack : IAsyncDisposable
{
    private readonly TemporaryHome _home = new();

    public RealRack() => HomeFolder.Create(_home.Home);

    public LocalHome Home => _home.Home;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public LocalRack Open() => LocalRack.Open(Home, "local", TimeProvider.System);

    /// <summary>Makes a release of the sample program as the service <c>web</c>, with these lines of its section.</summary>
    public async Task<Release> Release(LocalRack rack, string lines = "", params string[] variables)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Home.Folder, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "convox.yml"), $"""
            services:
              web:
                port: 8080
                health:
                  path: /health
                  interval: 1
                {lines}
                environment: {string.Concat(variables.Append("KESTREL=1").Select(v => $"\n      - {v}"))}
            """, Cancel);
        var made = await new CreateRelease(rack, TimeProvider.System).FromBuild(
            new(A.App, folder, [new(new(Path.Combine(folder, "web.csproj"), ServiceName.Parse("web"), IsWeb: true),
                Path.GetDirectoryName(SampleProcess.Program)!, "SampleApp")], "", null, A.Person), Cancel);
        return made.Release;
    }

    /// <summary>Runs the tool. What it shows is on one line.</summary>
    public Task<(int Code, string Shown)> Tool(params string[] words) => Tool(null, words);

    /// <summary>Runs the tool, with this limit of open files.</summary>
    public async Task<(int Code, string Shown)> Tool(int? limit, params string[] words)
    {
        var command = limit is null ? "exec \"$0\" \"$@\"" : $"ulimit -n {limit}; exec \"$0\" \"$@\"";
        var start = new ProcessStartInfo("sh", ["-c", command, BuiltTool.Command.Program, .. BuiltTool.Command.Arguments, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["CONVOX_HOME"] = Home.Folder;
        using var tool = Process.Start(start)!;
        var output = Task.WhenAll(tool.StandardOutput.ReadToEndAsync(Cancel), tool.StandardError.ReadToEndAsync(Cancel));
        await tool.WaitForExitAsync(Cancel);
        var shown = string.Join(' ', string.Concat(await output).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', words) + "\n" + shown);
        return (tool.ExitCode, shown);
    }

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _home.Dispose();
    }
}
