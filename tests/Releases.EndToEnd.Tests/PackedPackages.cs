using CliWrap;
using CliWrap.Buffered;
using Releases.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Releases.EndToEnd.Tests.PackedPackages))]

namespace Releases.EndToEnd.Tests;

/// <summary>
/// The packed packages, so that the tests meet what people install. build/test.sh packs once and names the folder in
/// CONVOX_TEST_PACKAGES; without that, they are packed here, but for the native program.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("convox-packages-").FullName;

    /// <summary>The folder with the packages.</summary>
    public string Feed { get; private set; } = "";

    /// <summary>A NuGet cache of this run's own: a package of the same version that somebody else unpacked is never met.</summary>
    public string Cache => Path.Combine(_scratch, "cache");

    public async ValueTask InitializeAsync()
    {
        Feed = Environment.GetEnvironmentVariable("CONVOX_TEST_PACKAGES") is { Length: > 0 } given ? Path.GetFullPath(given) : await Pack();
        Assert.NotEmpty(Directory.GetFiles(Feed, "Releases.Tasks.*.nupkg"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_scratch, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> Pack()
    {
        var feed = Path.Combine(_scratch, "feed");
        var packed = await Cli.Wrap(Path.Combine(Repository.Root, "build", "pack.sh")).WithArguments(feed)
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForPacking).Set("NATIVE", "no"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(packed.IsSuccess, packed.StandardOutput + packed.StandardError);
        return feed;
    }
}
