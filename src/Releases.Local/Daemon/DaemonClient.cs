using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;

namespace Releases.Local;

/// <summary>Sends requests to the daemon of a home. Without a daemon, they fail with <see cref="HttpRequestException"/>.</summary>
internal sealed class DaemonClient : IDisposable
{
    /// <summary>The maximum number of attempts for a request whose response was lost.</summary>
    public const int Attempts = 5;

    private readonly LocalHome _home;
    private readonly HttpClient _http;

    public DaemonClient(LocalHome home)
    {
        _home = home;
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) => await Connect(home, cancel),
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        })
        {
            BaseAddress = new("http://daemon"),
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    /// <summary>Returns the daemon's state, or null if none is listening.</summary>
    public async Task<DaemonState?> Status(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Get(DaemonProtocol.Status, DaemonMessages.Default.DaemonState, cancel);
            }
            catch (HttpRequestException refused) when (IsNotListening(refused))
            {
                return null;
            }
            catch (Exception lost) when (IsConnectionLost(lost) && attempt < Attempts)
            {
                // A truncated response doesn't tell whether the daemon is alive; the next connection does.
            }
        }
    }

    public async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        DaemonSocket.RequireTrusted(_home);
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        await DaemonResponse.Require(answer, _home, cancel);
        return (await answer.Content.ReadFromJsonAsync(type, cancel))!;
    }

    public async Task Post(string path, CancellationToken cancel)
    {
        DaemonSocket.RequireTrusted(_home);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), null, cancel);
        await DaemonResponse.Require(answer, _home, cancel);
    }

    /// <summary>Returns the body of the response, or null if it has none.</summary>
    public async Task<T?> Post<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        DaemonSocket.RequireTrusted(_home);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), null, cancel);
        await DaemonResponse.Require(answer, _home, cancel);
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync(type, cancel) : null;
    }

    public async Task Post<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        DaemonSocket.RequireTrusted(_home);
        using var answer = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, type, cancel);
        await DaemonResponse.Require(answer, _home, cancel);
    }

    /// <summary>Determines whether no daemon is listening, as opposed to one that sent a wrong response.</summary>
    private static bool IsNotListening(HttpRequestException failure) => failure.HttpRequestError is HttpRequestError.ConnectionError;

    /// <summary>Determines whether the daemon may have died: none is listening, or the response was truncated.</summary>
    public static bool IsConnectionLost(Exception failure) => failure is HttpIOException or IOException
        || failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded
            or HttpRequestError.Unknown
        };

    public void Dispose() => _http.Dispose();

    private static async Task<NetworkStream> Connect(LocalHome home, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(DaemonSocket.Path(home)), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
