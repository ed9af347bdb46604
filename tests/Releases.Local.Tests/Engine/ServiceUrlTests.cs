using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>Services that call each other.</summary>
public sealed class ServiceUrlTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private LocalEngineWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LocalEngineWorld.Make();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Are_told_each_others_addresses_which_answer_and_stay_over_promotions()
    {
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web", "order-api"));
        var api = await Variable("web", "ORDER_API_URL");
        Assert.Equal(_world.Address("order-api").ToString().TrimEnd('/'), api);
        Assert.Equal(_world.Address("web").ToString().TrimEnd('/'), await Variable("order-api", "WEB_URL"));
        Assert.Null(await Variable("web", "WEB_URL"));

        var next = await _world.Release(RolloutOutcome.Succeeds, "web", "order-api");
        await _world.Run(next);
        Assert.Equal(api, await Variable("web", "ORDER_API_URL"));
        Assert.Equal(next.Release.Id.ToString(), await _client.GetStringAsync(new Uri(api!), Cancel));
        Assert.Equal(_world.Address("order-api").Port, ServiceUrls.FindPort(_world.Home, new(A.App, ServiceName.Parse("order-api"))));
    }

    [Fact]
    public async Task Find_address_and_data_folder_in_defaults_of_convox_yml()
    {
        _world.Declares = "environment:\n  - BACKEND=${API_URL}/v1\n  - ConnectionStrings__Db=Data Source=${CONVOX_DATA}/app.db\n";
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        Assert.Equal(_world.Address("api") + "v1", await Variable("web", "BACKEND"));
        Assert.Equal($"Data Source={Path.Combine(_world.Home.Data, A.App.ToString(), "web")}/app.db",
            await Variable("web", "ConnectionStrings__Db"));
    }

    [Fact]
    public async Task Keep_an_address_that_the_app_states()
    {
        _world.Variables["API_URL"] = "https://api.example.com";
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        Assert.Equal("https://api.example.com", await Variable("web", "API_URL"));
    }

    private async Task<string?> Variable(string service, string name)
    {
        using var answer = await _client.GetAsync(new Uri(_world.Address(service), "env/" + name), Cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Cancel) : null;
    }
}
