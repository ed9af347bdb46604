using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Releases.Local;

/// <summary>Serves the requests of commands on the home's Unix socket.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>A daemon keeps running the version that it was started with until it is replaced.</summary>
    private static readonly Remedy Update = Remedy.FromString("Update the tool: dotnet tool update dotnet-convox")
        .Or(Remedy.Do(Operation.RestartRack, "Then replace the daemon"));

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly LocalHome _home;
    private readonly DaemonApi _api;
    private readonly DaemonLog _log;
    private WebApplication? _server;
    private FileStat? _listening;

    private ControlServer(LocalHome home, DaemonApi api, DaemonLog log) => (_home, _api, _log) = (home, api, log);

    private string Socket => _api.State.Socket;

    public static async Task<ControlServer> Start(LocalHome home, DaemonApi api, DaemonLog log)
    {
        var server = new ControlServer(home, api, log);
        HomeFolder.CreatePrivate(Path.GetDirectoryName(server.Socket)!);
        await server.Listen();
        return server;
    }

    /// <summary>Listens again if the socket was removed or replaced, and makes it private to its user if its mode was changed.</summary>
    public async Task Repair()
    {
        if (IsInPlace())
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(Socket) != Private) File.SetUnixFileMode(Socket, Private);
            return;
        }

        _log.Write($"{Socket} was removed or replaced: listening again");
        await DisposeAsync();
        await Listen();
    }

    private bool IsInPlace() =>
        _server is not null && File.Exists(Socket) && FileStat.IsSame(FileStat.Of(Socket), _listening);

    private async Task Listen()
    {
        var socket = Socket;
        // A home that was moved isn't made again.
        if (Path.GetDirectoryName(socket) is { } folder && folder != _home.Folder) HomeFolder.CreatePrivate(folder);
        DaemonSocket.RequireTrusted(_home);
        DaemonSocket.RequirePrivate(_home);
        // The home's lock is held, so no other daemon listens here.
        HomeFolder.MoveAside(socket);
        // The system creates a socket with the mode of the umask, so it gets its name once only its user may use it.
        var making = DaemonSocket.MakingFolder(_home);
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        HomeFolder.CreatePrivate(making);
        try
        {
            var made = Path.Combine(making, "s");
            await Listen(made);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(made, Private);
            File.Move(made, socket, overwrite: true);
            _listening = FileStat.Of(socket);
        }
        finally
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
    }

    private async Task Listen(string socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, o => o.Protocols = HttpProtocols.Http1));
        var server = builder.Build();
        server.Run(context => Answer(context, _api, _log));
        _server = server;
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Remove();
        if (_server is { } server) await server.DisposeAsync();
        _server = null;
    }

    /// <summary>Removes the socket. What has its place otherwise isn't this daemon's.</summary>
    private void Remove()
    {
        try
        {
            if (IsInPlace()) File.Delete(Socket);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Such as on a disk that became read-only. The next daemon replaces it.
            _log.Write($"{Socket} can't be removed: {refused.Message}");
        }
    }

    private static async Task Answer(HttpContext context, DaemonApi api, DaemonLog log)
    {
        context.Response.Headers.Server = $"{DaemonProtocol.Server}/{ToolVersion.Text}";
        try
        {
            await Route(context, api);
        }
        catch (ProblemException problem)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await Write<IReadOnlyList<DaemonProblem>>(
                context, [.. problem.Problems.Select(p => p.WithUpdate(Update)).Select(DaemonProblem.From)],
                DaemonMessages.Default.IReadOnlyListDaemonProblem);
        }
        catch (JsonException unknown)
        {
            // The request is from a newer tool, which sees this daemon's version in the response.
            log.Write($"{context.Request.Method} {context.Request.Path}: {unknown.Message}");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (Exception unexpected) when (!context.RequestAborted.IsCancellationRequested)
        {
            log.Write($"{context.Request.Method} {context.Request.Path}: {unexpected}");
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static async Task Route(HttpContext context, DaemonApi api)
    {
        var path = context.Request.Path.Value ?? "";
        switch (context.Request.Method, path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ("GET", ["v1", "status"]):
                await Write(context, api.State, DaemonMessages.Default.DaemonState);
                break;
            case ("POST", ["v1", "stop"]):
                api.Stop(context.Request.Query.ContainsKey(DaemonProtocol.ForRestart));
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case ("POST", ["v1", "settings"]):
                await api.ApplySettings();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case ("POST", ["v1", "promotions"]):
                var request = await JsonSerializer.DeserializeAsync(context.Request.Body, DaemonMessages.Default.PromotionRequest,
                    context.RequestAborted);
                await api.Begin(request!);
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case ("POST", ["v1", "apps", var app, "wake"]):
                if (await api.Wake(AppName.Parse(app)) is { } why)
                    await Write(context, new(why), DaemonMessages.Default.DriverInterruption);
                else context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case ("GET", ["v1", "apps", var app, "processes"]):
                await Write(context, api.Processes(AppName.Parse(app)), DaemonMessages.Default.IReadOnlyListRunningProcess);
                break;
            case ("GET", ["v1", "apps", var app, "services"]):
                await Write(context, api.Services(AppName.Parse(app)), DaemonMessages.Default.IReadOnlyListRunningService);
                break;
            case ("GET", ["v1", "apps", var app, "metrics", var seconds]) when uint.TryParse(seconds, NumberStyles.None,
                CultureInfo.InvariantCulture, out var since):
                await Write(context, api.Metrics(AppName.Parse(app), TimeSpan.FromSeconds(since)), DaemonMessages.Default.AppMetrics);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task Write<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, type, context.RequestAborted);
    }
}
