using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Releases.EndToEnd.Tests;

/// <summary>The tool as a process of its own, with a home and a current folder of its own.</summary>
public sealed class ToolProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-tool-").FullName;

    /// <summary>A folder that is gone after the test.</summary>
    public string Folder => _folder;

    /// <summary>Its CONVOX_HOME; not made before something is written.</summary>
    public string Home => Path.Combine(_folder, "home");

    public void Dispose() => Folders.Delete(_folder);

    /// <summary>Runs it with something piped in, and waits until it ends.</summary>
    public Task<BufferedCommandResult> Run(string input, params string[] arguments) =>
        Run(input, new Dictionary<string, string?>(), arguments);

    /// <summary>The same with variables of the test's own.</summary>
    public async Task<BufferedCommandResult> Run(
        string input, IReadOnlyDictionary<string, string?> variables, params string[] arguments) => await Cli.Wrap("dotnet")
        .WithArguments([Path.Combine(AppContext.BaseDirectory, "dotnet-convox.dll"), .. arguments])
        .WithWorkingDirectory(_folder)
        .WithEnvironmentVariables(e => e
            .Set("CONVOX_HOME", Home).Set("CONVOX_APP", "hello").Set("CONVOX_RACK", null)
            .Set("CONVOX_ACTOR", "somebody@box").Set(variables))
        .WithStandardInputPipe(PipeSource.FromString(input))
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
