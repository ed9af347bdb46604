using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Releases.Aws;

/// <summary>Accesses one repository of a registry with the OCI distribution API.</summary>
internal sealed class RegistryClient : IDisposable
{
    /// <summary>The hosts to which the SDK pushes without TLS, separated by semicolons; loopback is always included.</summary>
    private const string InsecureVariable = "DOTNET_CONTAINER_INSECURE_REGISTRIES";

    /// <summary>
    /// A response that hasn't started by then won't come, nor the rest of a transfer of which nothing has moved for so long. A transfer
    /// that moves may take any time.
    /// </summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    private const int MaxManifestAttempts = 5;
    private static readonly TimeSpan ManifestPause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public RegistryClient(PushTarget place, TimeProvider time)
    {
        (Place, _time) = (place, time);
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{place.User}:{place.Password}"));
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) })
        {
            BaseAddress = new($"{(IsInsecure(place.Registry) ? "http" : "https")}://{place.Registry}/v2/{place.Repository}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new("Basic", login);
    }

    public PushTarget Place { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Determines whether a piece exists.</summary>
    public async Task<bool> Has(OciDescriptor piece, CancellationToken cancel)
    {
        using var answer = await Send(() => Request(HttpMethod.Head, PathOf(piece)), cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound) return false;
        Require(answer, $"look for {piece.Digest}", HttpStatusCode.OK);
        return true;
    }

    /// <summary>Returns the image's root by its digest, or null if it doesn't exist.</summary>
    public async Task<OciDescriptor?> FindManifest(string digest, CancellationToken cancel)
    {
        using var answer = await Send(() => Request(HttpMethod.Head, $"manifests/{digest}"), cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        Require(answer, $"look for {digest}", HttpStatusCode.OK);
        return new(answer.Content.Headers.ContentType?.MediaType ?? "", digest, answer.Content.Headers.ContentLength ?? -1);
    }

    /// <summary>Opens a piece. A registry may redirect to another host, which doesn't get the login.</summary>
    public async Task<Stream> Read(OciDescriptor piece, CancellationToken cancel)
    {
        var answer = await Send(() => Request(HttpMethod.Get, PathOf(piece)), cancel);
        try
        {
            Require(answer, $"read {piece.Digest}", HttpStatusCode.OK);
            return new MovingStream(
                await answer.Content.ReadAsStreamAsync(cancel), _time, AnswerLimit,
                () => RegistryProblems.Stalled(Place, piece.Digest, AnswerLimit));
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Mounts a piece from another repository of the registry. Returns false if it has to be sent.</summary>
    public async Task<bool> Mount(OciDescriptor piece, string repository, CancellationToken cancel)
    {
        using var answer = await Send(() => Request(HttpMethod.Post,
            $"blobs/uploads/?mount={Uri.EscapeDataString(piece.Digest)}&from={Uri.EscapeDataString(repository)}"), cancel);
        Require(answer, $"take {piece.Digest}", HttpStatusCode.Created, HttpStatusCode.Accepted);
        return answer.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Sends a piece. It exists only once all of it was received and matches the digest.</summary>
    public async Task Send(OciDescriptor piece, Stream content, CancellationToken cancel)
    {
        using var begun = await Send(() => Request(HttpMethod.Post, "blobs/uploads/"), cancel);
        Require(begun, $"take {piece.Digest}", HttpStatusCode.Accepted);
        using var sent = await Upload(piece, content, LocationOf(begun), cancel);
        Require(sent, $"take {piece.Digest}", HttpStatusCode.Accepted, HttpStatusCode.Created, HttpStatusCode.NoContent);
        var end = LocationOf(sent);
        using var ended = await Send(
            () => Request(HttpMethod.Put, $"{end}{(end.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(piece.Digest)}"), cancel);
        Require(ended, $"take {piece.Digest}", HttpStatusCode.Created);
    }

    /// <summary>
    /// Stores a manifest, whose pieces exist, under its digest or a tag. While another client sends one of these pieces too, a registry may
    /// not find it for a moment and refuse the manifest, so it is sent a few times.
    /// </summary>
    public async Task Store(OciDescriptor manifest, byte[] content, string reference, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await Send(() => new(HttpMethod.Put, $"manifests/{reference}")
            {
                Content = new ByteArrayContent(content) { Headers = { ContentType = new(manifest.MediaType) } },
            }, cancel);
            if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.NotFound) || attempt == MaxManifestAttempts)
            {
                Require(answer, $"take the manifest {manifest.Digest}", HttpStatusCode.Created);
                return;
            }

            await Task.Delay(ManifestPause, _time, cancel);
        }
    }

    /// <summary>Determines whether the SDK accesses a registry without TLS.</summary>
    internal static bool IsInsecure(string host)
    {
        var name = host[..(host.LastIndexOf(':') is > 0 and var colon && !host.EndsWith(']') ? colon : host.Length)];
        return name == "localhost" || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
            || (Environment.GetEnvironmentVariable(InsecureVariable) ?? "")
                .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var type in OciTypes.Manifests) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.1));
        return request;
    }

    private static string PathOf(OciDescriptor piece) => $"{(piece.IsManifest ? "manifests" : "blobs")}/{piece.Digest}";

    private Uri LocationOf(HttpResponseMessage answer) => answer.Headers.Location is { } location
        ? new(_http.BaseAddress!, location) : throw new UnreadableResponseException("it has no Location");

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = _time.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        using var request = make();
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {AnswerLimit.TotalMinutes} minutes", late);
        }
    }

    private async Task<HttpResponseMessage> Upload(OciDescriptor piece, Stream content, Uri location, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = _time.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        using var body = new UploadContent(
            content, piece.Size, reading: () => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan),
            sending: () => timer.Change(AnswerLimit, Timeout.InfiniteTimeSpan));
        body.Headers.ContentType = new("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = body };
        try
        {
            return await _http.SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException stalled) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException(
                $"nothing of {piece.Digest} was accepted for {AnswerLimit.TotalMinutes} minutes", stalled);
        }
    }

    private static void Require(HttpResponseMessage answer, string what, params ReadOnlySpan<HttpStatusCode> allowed)
    {
        if (allowed.Contains(answer.StatusCode)) return;
        throw new HttpRequestException($"it refused to {what}: {(int)answer.StatusCode} {answer.ReasonPhrase}", null, answer.StatusCode);
    }
}
