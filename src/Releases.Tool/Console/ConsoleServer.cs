using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Releases.Tool;

/// <summary>Serves the console.</summary>
internal sealed class ConsoleServer : IAsyncDisposable
{
    private const long MaxFormBytes = 1024 * 1024;
    private const int MaxConnections = 256;

    /// <summary>How long responses may take to finish when the console stops.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _server;
    private readonly CancellationTokenSource _stopping;
    private readonly ConsoleContext _console;
    private readonly Action<string> _tell;
    private readonly SignIn _signIn;
    private readonly string _address;
    private bool _isDisposed;

    private ConsoleServer(
        WebApplication server, CancellationTokenSource stopping, ConsoleContext console,
        Action<string> tell, SignIn signIn, string address) =>
        (_server, _stopping, _console, _tell, _signIn, _address, SignInUrl) = (server, stopping, console, tell, signIn,
            address, signIn.Url(address));

    /// <summary>Gets the address that signs in.</summary>
    public string SignInUrl { get; }

    /// <summary>Returns the further addresses of a console that listens on all of the machine's addresses.</summary>
    public IReadOnlyList<string> OtherUrls(ConsoleSettings settings)
    {
        if (!OwnNames.IsAll(settings.Address)) return [];
        var own = new Uri(_address);
        var all = OwnNames.Reachable(settings.Address).Select(a => $"{own.Scheme}://{new IPEndPoint(a, own.Port)}");
        return [.. all.Where(a => a != _address)];
    }

    /// <summary>Returns a new sign-in address and invalidates the previous one.</summary>
    public string NewSignInUrl() => _signIn.NewUrl(_address);

    public static async Task<ConsoleServer> Start(ConsoleContext console, ConsoleSettings settings, Action<string> tell,
        CancellationToken cancel)
    {
        var signIn = new SignIn(console.Sessions, settings.Token, new WrongTokens(console.Time, tell), tell);
        if (settings.Port is not null) return await Start(console, settings, settings.Port.Value, signIn, tell, cancel);
        try
        {
            return await Start(console, settings, ConsoleSettings.DefaultPort, signIn, tell, cancel);
        }
        catch (ProblemException taken) when (taken.Is(ProblemCode.PortInUse))
        {
            return await Start(console, settings, 0, signIn, tell, cancel);
        }
    }

    /// <summary>
    /// Stops accepting requests and waits for those of buttons to finish, after which it is known who drives their promotions.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        // Event streams don't end by themselves.
        await _stopping.CancelAsync();
        await _server.StopAsync(CancellationToken.None);
        var stopped = _console.Runs.StopAll();
        if (stopped.Count > 0)
            _tell(stopped.Count == 1
                ? "Stopping the command that a page started." : $"Stopping {stopped.Count} commands that pages started.");
        var pressed = _console.ActiveRequests.Ended();
        if (!pressed.IsCompleted) _tell("An action is still running. The console stops when it has finished.");
        await pressed;
        // A button that was still at work may have started a command.
        stopped = [.. stopped.Union(_console.Runs.StopAll())];
        await _console.Runs.Ended();
        foreach (var line in stopped.SelectMany(run => run.Epilogue())) _tell(line);
        await _server.DisposeAsync();
        await _console.Follower.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<ConsoleServer> Start(ConsoleContext console, ConsoleSettings settings, int port, SignIn signIn,
        Action<string> tell, CancellationToken cancel)
    {
        var stopping = new CancellationTokenSource();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxFormBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Listen(settings.Address, port, listen => settings.Certificate?.Encrypt(listen));
        });
        var server = builder.Build();
        Guards.Use(server, console, settings, signIn);
        Routes.Map(server, console, stopping.Token);
        try
        {
            await server.StartAsync(cancel);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await server.DisposeAsync();
            stopping.Dispose();
            throw Refused(settings.Address, port, refused);
        }

        return new(server, stopping, console, tell, signIn, Address(server, settings));
    }

    /// <summary>
    /// Returns an address that a browser can open: with the certificate's name if there is one, and never the wildcard address.
    /// </summary>
    private static string Address(WebApplication server, ConsoleSettings settings)
    {
        var bound = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var name = IPAddress.IsLoopback(settings.Address) && settings.Certificate is null ? null : settings.Name;
        if (name is not null) return $"{bound.Scheme}://{name}:{bound.Port}";
        if (!OwnNames.IsAll(settings.Address)) return bound.ToString().TrimEnd('/');
        return $"{bound.Scheme}://{new IPEndPoint(OwnNames.Reachable(settings.Address)[0], bound.Port)}";
    }

    private static ProblemException Refused(IPAddress address, int port, Exception cause) => new Problem(
        ProblemCode.PortInUse,
        cause.InnerException is AddressInUseException
            ? $"port {port} is in use by another program, so there is no console."
            : $"the console can't listen at {address}, port {port}: {cause.Message.TrimEnd('.')}.",
        "Leave --port out for a free one, or name another.").ToException(cause);
}
