using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SampleApp;

/// <summary>The program with all that can be asked of it.</summary>
internal static class WithAspNetCore
{
    public static async Task<int> Run(Behaviour behaviour, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            // A test's client may pause for as long as the machine is busy.
            kestrel.Limits.MinRequestBodyDataRate = null;
            if (behaviour.SpeaksHttp2Alone) kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (behaviour.SignsIn) SignedIn.Add(builder.Services);
        if (behaviour.Host is { } host) builder.WebHost.UseUrls($"http://{host}:{Environment.GetEnvironmentVariable("PORT")}");
        if (behaviour.SharesPort) builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = Listening.Shared);
        if (behaviour.Port is { } port) builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        using var ignored = behaviour.IgnoresSigterm
            ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true)
            : null;
        if (behaviour.IgnoresSigterm) builder.Services.AddSingleton<IHostLifetime, Deaf>();

        var app = builder.Build();
        app.UseWebSockets();
        Endpoints.Map(app, behaviour);
        if (behaviour.SignsIn) SignedIn.Map(app);
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {string.Join(' ', app.Urls)}"));
        if (behaviour.ListensWhen is { } begin) await Listening.Until(begin);
        if (behaviour.ListensUntil is { } end)
        {
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(0));
            await app.StartAsync();
            await Listening.Until(end);
            await app.DisposeAsync();
            Console.WriteLine("listening no more");
            await Task.Delay(Timeout.Infinite);
        }

        await app.RunAsync();
        Console.WriteLine("stopped");
        return 0;
    }
}
