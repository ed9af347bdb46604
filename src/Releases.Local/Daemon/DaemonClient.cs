using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;

namespace Releases.Local;

/// <summary>
/// Sends requests to the daemon of a home. Without a daemon, they fail with <see cref="HttpRequestException"/>; with one that accepts them
/// and stays silent, with <see cref="ProblemCode.Daemon"/>.
/// </summary>
internal sealed class DaemonClient : IDisposable
{
    /// <summary>
    /// The time within which a daemon tells its state, also on a busy machine, and listens again after its socket was removed. Other
    /// requests may take longer, for as long as it does.
    /// </summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of attempts for a request whose response was lost.</summary>
    public const int Attempts = 5;

    private readonly LocalHome _home;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public DaemonClient(LocalHome home, TimeProvider time)
    {
        _home = home;
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) => await Connect(home, cancel),
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        })
        {
            BaseAddress = new("http://daemon"),
            Timeout = Timeout.InfiniteTimeSpan,
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

    public Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) => Send(
        path, (http, to, stop) => http.GetAsync(to, stop), async (answer, stop) => (await answer.Content.ReadFromJsonAsync(type, stop))!,
        cancel);

    public Task Post(string path, CancellationToken cancel) =>
        Send(path, (http, to, stop) => http.PostAsync(to, null, stop), (_, _) => Task.FromResult(true), cancel);

    /// <summary>Returns the body of the response, or null if it has none.</summary>
    public Task<T?> Post<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) where T : class => Send(
        path, (http, to, stop) => http.PostAsync(to, null, stop),
        async (answer, stop) => answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync(type, stop) : null, cancel);

    public Task Post<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Send(path, (http, to, stop) => http.PostAsJsonAsync(to, body, type, stop), (_, _) => Task.FromResult(true), cancel);

    private async Task<T> Send<T>(
        string path, Func<HttpClient, Uri, CancellationToken, Task<HttpResponseMessage>> request,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        DaemonSocket.RequireTrusted(_home);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var result = Answer(abandon.Token);
        try
        {
            while (true)
            {
                try
                {
                    return await result.WaitAsync(AnswerTimeout, _time, cancel);
                }
                catch (TimeoutException late) when (!result.IsFaulted)
                {
                    // The answer came as the time ran out.
                    if (result.IsCompleted) continue;
                    if (path == DaemonProtocol.Status) throw LocalDaemonProblems.NoAnswer(_home).ToException(late);
                    await Status(cancel);
                }
            }
        }
        finally
        {
            await abandon.CancelAsync();
        }

        async Task<T> Answer(CancellationToken stop)
        {
            using var answer = await request(_http, new(path, UriKind.Relative), stop);
            await DaemonResponse.Require(answer, _home, stop);
            return await read(answer, stop);
        }
    }

    /// <summary>Determines whether a daemon accepted a request and stayed silent, as opposed to one that refused it.</summary>
    public static bool IsSilent(ProblemException failure) => failure.InnerException is TimeoutException;

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
