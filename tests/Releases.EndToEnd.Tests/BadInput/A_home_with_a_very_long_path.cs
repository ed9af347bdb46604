using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

/// <summary>A socket's path has 108 bytes; a home's path may have more.</summary>
[Collection("racks")]
public sealed class A_home_with_a_very_long_path : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convox-long-");
    private readonly TestRack _rack;

    public A_home_with_a_very_long_path() => _rack = new(Path.Combine(_folder.FullName, new('x', 120), "a home's ünusual name"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _rack.DisposeAsync();
        Folders.Delete(_folder.FullName);
    }

    [Fact]
    public async Task Works_like_any_other()
    {
        var release = await _rack.Publish("services:\n  web:\n    port: 8080\n    health: /health\n", "web");
        await _rack.Do("promote");
        Assert.StartsWith(release.Id.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
        await _rack.Do("rack", "restart");
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "the service is back");
    }
}
