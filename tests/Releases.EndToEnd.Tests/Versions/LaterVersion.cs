using CliWrap;
using CliWrap.Buffered;
using Releases.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Releases.EndToEnd.Tests.Versions.LaterVersion))]

namespace Releases.EndToEnd.Tests.Versions;

/// <summary>
/// The packages of a later version, made of the same source by build/pack.sh. build/test.sh packs once and names the folder in
/// CONVOX_TEST_LATER; without that, they are packed when first asked for. Its tool is the one for any system, which saves the minutes
/// of the native one and is the other kind that people install.
/// </summary>
public sealed class LaterVersion : IAsyncLifetime
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("convox-later-").FullName;
    private readonly Lazy<Task<string>> _feed;
    private readonly Lazy<Task<string>> _tool;

    public LaterVersion()
    {
        _feed = new(() => Environment.GetEnvironmentVariable("CONVOX_TEST_LATER") is { Length: > 0 } given
            ? Task.FromResult(Path.GetFullPath(given))
            : Pack());
        _tool = new(() => Install("tools"));
    }

    public static string Version => "99.0.0";

    /// <summary>The folder with its packages.</summary>
    public Task<string> Feed => _feed.Value;

    /// <summary>Its tool, installed.</summary>
    public Task<string> Tool => _tool.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_scratch, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Installs its tool into a folder of this name, as people do, and gives the program.</summary>
    public async Task<string> Install(string name)
    {
        var folder = Path.Combine(_scratch, name);
        await Do("dotnet", [], "tool", "install", "dotnet-convox", "--tool-path", folder, "--source", await Feed);
        return Path.Combine(folder, "dotnet-convox");
    }

    private async Task<string> Pack()
    {
        var feed = Path.Combine(_scratch, "feed");
        await Do(Path.Combine(Repository.Root, "build", "pack.sh"),
            new(CleanEnvironment.ForPacking) { ["VERSION"] = Version, ["NATIVE"] = "no" }, feed);
        return feed;
    }

    private static async Task Do(string program, Dictionary<string, string?> variables, params string[] arguments)
    {
        var run = await Cli.Wrap(program).WithArguments(arguments)
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForDotnet).Set(variables))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(run.IsSuccess, run.StandardOutput + run.StandardError);
    }
}
