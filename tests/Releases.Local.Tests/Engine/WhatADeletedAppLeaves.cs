using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>
/// A rack may have an app for every pull request, so what is left of each would add up. Alone: another test's rack would take the ports.
/// </summary>
[Collection(nameof(WhatADeletedAppLeaves))]
[CollectionDefinition(nameof(WhatADeletedAppLeaves), DisableParallelization = true)]
public sealed class WhatADeletedAppLeaves
{
    [Fact]
    public async Task Is_no_port_no_route_and_no_open_file()
    {
        await using var world = await LocalEngineWorld.Make();
        await world.Run(await world.Release(RolloutOutcome.Succeeds, "web", "api"));
        var (web, api) = (world.Address("web"), world.Address("api"));
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, await Ask(client, web));
        Assert.NotEmpty(OpenLogs(world.Home));
        Assert.Contains("hello/api", await File.ReadAllTextAsync(world.Home.Ports, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);

        await world.Delete();

        // The connection is the same, so this is the router's own answer.
        Assert.Equal(HttpStatusCode.NotFound, await Ask(client, web));
        foreach (var port in (int[])[web.Port, api.Port])
        {
            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, port));
        }

        Assert.Empty(OpenLogs(world.Home));
        Assert.DoesNotContain("hello/", await File.ReadAllTextAsync(world.Home.Ports, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_nothing_that_keeps_it_from_coming_back()
    {
        await using var world = await LocalEngineWorld.Make();
        await world.Run(await world.Release(RolloutOutcome.Succeeds, "web"));
        await world.Delete();
        var release = await world.Release(RolloutOutcome.Succeeds, "web");
        await world.Run(release);
        Assert.Equal(release.Release.Id, await world.Serves("web"));
    }

    private static async Task<HttpStatusCode> Ask(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address);
        return answer.StatusCode;
    }

    private static IEnumerable<string> OpenLogs(LocalHome home) => Directory.EnumerateFiles("/proc/self/fd")
        .Select(f => new FileInfo(f).LinkTarget ?? "").Where(f => f.StartsWith(home.Folder, StringComparison.Ordinal)
            && f.EndsWith(".log", StringComparison.Ordinal));
}
