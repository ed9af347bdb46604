using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>Users of an app that does nothing about data protection.</summary>
public sealed class SignedInUsersTests : IAsyncLifetime
{
    private readonly DirectoryInfo _user = Directory.CreateTempSubdirectory("user-");
    private readonly HttpClient _browser = new(new SocketsHttpHandler { CookieContainer = new() });
    private LocalEngineWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await LocalEngineWorld.Make();
        _world.Variables["SIGN_IN"] = "1";
        _world.Variables["HOME"] = _user.FullName;
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _world.DisposeAsync();
        _user.Delete(recursive: true);
    }

    [Fact]
    public async Task Stay_signed_in_over_promotions_a_rollback_and_several_processes()
    {
        var first = await Release(processes: 1);
        await _world.Run(first);
        var form = await SignIn();
        await StaySignedIn(form);
        var second = await Release(processes: 3);
        await _world.Run(second);
        for (var i = 0; i < 6; i++) await StaySignedIn(form);
        await _world.Run(await Release(processes: 1));
        await StaySignedIn(form);
        await _world.Run(first with { Promotion = PromotionId.New() });
        await StaySignedIn(form);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nonexistent/home")]
    [InlineData("/proc")]
    public async Task Stay_signed_in_where_HOME_keeps_no_keys(string home)
    {
        _world.Variables["HOME"] = home;
        await _world.Run(await Release(processes: 1));
        var form = await SignIn();
        await _world.Run(await Release(processes: 2));
        for (var i = 0; i < 4; i++) await StaySignedIn(form);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_world.Home.Data, A.App.ToString(), "web"), "key-*.xml",
            SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Of_one_service_are_nobody_to_another_one()
    {
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        await SignIn();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_world.Address("api"), "me"));
        Assert.Equal("nobody", await (await _browser.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("ASPNETCORE_CONTENTROOT")]
    [InlineData("DOTNET_CONTENTROOT")]
    public async Task Of_an_app_that_states_its_content_root_are_left_to_it(string name)
    {
        _world.Variables[name] = _user.FullName;
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"));
        Assert.Equal(_user.FullName, await Ask("root"));
    }

    /// <summary>A process reads its own release's files as long as it runs, whatever was promoted since.</summary>
    [Fact]
    public async Task See_the_files_of_the_release_that_answers()
    {
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"));
        var root = await Ask("root");
        Assert.Equal(Path.Combine(_world.Home.ContentRoots, A.App.ToString(), "web"), root);
        Assert.Equal("SampleApp.dll", await Ask("file?name=SampleApp.dll"));
        Assert.Equal("SampleApp.dll", await Ask("file-by-child?name=SampleApp.dll"));
    }

    private async Task<Rollout> Release(int processes)
    {
        var rollout = await _world.Release(RolloutOutcome.Succeeds, "web");
        return rollout with { Services = [.. rollout.Services.Select(s => s with { Count = processes })] };
    }

    /// <summary>Gives what a form that was opened then will send.</summary>
    private async Task<string> SignIn()
    {
        using var signedIn = await _browser.GetAsync(new Uri(_world.Address("web"), "sign-in"), Cancel);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        return await Ask("form");
    }

    private async Task StaySignedIn(string form)
    {
        Assert.Equal("ann", await Ask("me"));
        using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", form)]);
        using var sent = await _browser.PostAsync(new Uri(_world.Address("web"), "form"), content, Cancel);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private Task<string> Ask(string path) => _browser.GetStringAsync(new Uri(_world.Address("web"), path), Cancel);
}
