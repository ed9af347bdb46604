using CliWrap;
using CliWrap.Buffered;
using Xunit;

[assembly: AssemblyFixture(typeof(Releases.EndToEnd.Tests.Publishing.BuildServer))]

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>
/// The SDK's MSBuild server: a process that stays for the next build, so that most builds of the tests need not load and compile MSBuild
/// again. It gets the folder and the variables of each build. It is this run's own and ends with it.
/// </summary>
public sealed class BuildServer : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _variables = new()
    {
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1",
        // Processes of another salt aren't met. build/end-servers.sh ends those of a run that was killed.
        ["MSBUILDNODEHANDSHAKESALT"] = $"{Environment.GetEnvironmentVariable("MSBUILDNODEHANDSHAKESALT")}-{Guid.NewGuid():N}",
    };

    private bool _isUsed;

    /// <summary>For a build whose processes end with it.</summary>
    public static IReadOnlyDictionary<string, string?> None { get; } = new Dictionary<string, string?>
    {
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = null,
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    /// <summary>For a build by the server.</summary>
    public IReadOnlyDictionary<string, string?> Variables
    {
        get
        {
            _isUsed = true;
            return _variables;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isUsed) return;
        await Cli.Wrap("dotnet").WithArguments(["build-server", "shutdown", "--msbuild"])
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForDotnet).Set(_variables)).ExecuteBufferedAsync();
    }
}
