using Releases.EndToEnd.Tests.Publishing;
using Xunit;

namespace Releases.EndToEnd.Tests.Packages;

/// <summary><c>dotnet tool exec</c> (<c>dnx</c>) runs the tool from the feed.</summary>
public sealed class A_tool_that_is_not_installed(PackedPackages packages) : IDisposable
{
    private readonly Workspace _workspace = new(packages);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Runs_from_its_package()
    {
        var ran = (await _workspace.Dotnet("tool", "exec", "dotnet-convox", "--yes", "--", "apps", "create", "shop")).Succeeded();
        Assert.Contains("Created shop", ran.Lines);
        Assert.NotNull(await _workspace.Use(rack => rack.Store.FindApp(AppName.Parse("shop"))));
    }
}
