using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>A router on real ports with the app <c>hello</c>, and clients of it.</summary>
internal sealed class RunningRouter : IAsyncDisposable
{
    private RunningRouter(Router router) => Router = router;

    public Router Router { get; }

    public int Port { get; } = FreePort.Take();

    public int DirectPort { get; } = FreePort.Take();

    public bool Sticky { get; init; }

    public static Task<RunningRouter> Start(params RouteTarget[] web) => Start(behindProxy: false, web);

    public static Task<RunningRouter> StartSticky(params RouteTarget[] web) => Start(behindProxy: false, web, sticky: true);

    public static async Task<RunningRouter> Start(bool behindProxy, RouteTarget[] web, bool sticky = false, int? loops = null,
        TimeProvider? time = null)
    {
        var router = await Router.Start(time ?? TimeProvider.System, TestContext.Current.CancellationToken, behindProxy, loops: loops);
        var running = new RunningRouter(router) { Sticky = sticky };
        running.Router.Listen(running.Port);
        running.Router.Listen(running.DirectPort);
        running.Publish(web);
        return running;
    }

    /// <summary>Gives all traffic of <c>web</c> to these.</summary>
    public void Publish(
        params RouteTarget[] web) => Router.Publish(new RouteTable(Port, new Dictionary<(AppName, ServiceName), ServiceRoute>
        {
            [(AppName.Parse("hello"), ServiceName.Parse("web"))] = new(DirectPort, web, Sticky),
        }));

    /// <summary>Splits the traffic of <c>web</c> as a promotion does.</summary>
    public void Split(
        PromotionId promotion, params TargetGroup[] web) =>
            Router.Publish(new RouteTable(Port, new Dictionary<(AppName, ServiceName), ServiceRoute>
            {
                [(AppName.Parse("hello"), ServiceName.Parse("web"))] = new(DirectPort, new WeightedTargets(web), Sticky, promotion),
            }));

    /// <summary>A client that finds <c>*.localhost</c> on this machine, whatever its resolver says.</summary>
    public HttpClient Client(string host = "hello.localhost", int? port = null) =>
        new(Handler()) { BaseAddress = new Uri($"http://{host}:{port ?? Port}") };

    public static SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        ConnectCallback = static async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
