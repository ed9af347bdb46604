// A program for tests, whose behaviour its environment chooses:
//   CRASH_AT_START=1       prints two lines and exits with 3
//   CRASH_AFTER=<seconds>  exits with 5 after a while
//   HEALTH=<status>        what `/health` and `/` answer
//   HEALTHY_AFTER=<secs>   they answer 503 before
//   HEALTHY_WHEN=<file>    they answer 503 before this file is there
//   NEVER_LISTEN=1         a worker: runs without a port
//   LISTEN_ON=<port>       ignores the address that it is given
//   HTTP2=1                speaks HTTP/2 alone, as a gRPC service does
//   LISTEN_AT=<host>       listens there, at the port that it is given
//   LISTEN_WHEN=<file>     waits for this file before it listens
//   LISTEN_UNTIL=<file>    when this file is there, listens no more and lives on
//   SHARE_PORT=1           lets another program listen at the same port (SO_REUSEPORT)
//   HANG_ON_SIGTERM=1      does not end when asked to
//   SIGN_IN=1              knows who is signed in, by ASP.NET Core's own cookies and forms
//   RELEASE, GREETING      what `/` answers
// It listens where ASPNETCORE_URLS says: / /health /slow?ms= /ws /events /upload /env/{name} /headers /files/{path} /crash /die /sign-in /me /form
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SampleApp;

var behaviour = new Behaviour();
if (behaviour.CrashesAtStart)
{
    Console.WriteLine("starting");
    Console.Error.WriteLine("cannot start: CRASH_AT_START is set");
    return 3;
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
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
using var ignored = behaviour.IgnoresSigterm ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true) : null;
if (behaviour.IgnoresSigterm) builder.Services.AddSingleton<IHostLifetime, Deaf>();
if (behaviour.CrashesAfter is { } life) _ = Task.Delay(life).ContinueWith(_ => Environment.Exit(5), TaskScheduler.Default);

if (behaviour.NeverListens)
{
    var worker = Host.CreateEmptyApplicationBuilder(null);
    if (behaviour.IgnoresSigterm) worker.Services.AddSingleton<IHostLifetime, Deaf>();
    Console.WriteLine("working");
    await worker.Build().RunAsync();
    Console.WriteLine("stopped");
    return 0;
}

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
