using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>Stands before a program that speaks for a service of AWS, and holds each request and each response against AWS's
/// model.</summary>
/// <param name="upstream">The program.</param>
/// <param name="tolerated">What AWS itself breaks in its responses.</param>
internal sealed class CheckingProxy(Uri upstream, IReadOnlyList<string> tolerated) : LoopbackServer
{
    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    public ModelCheck Model { get; } = new(tolerated);

    /// <summary>How often each operation was called.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _client.Dispose();
        Model.Require();
    }

    protected override async Task Respond(HttpContext context)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var request = await Body(context.Request);
        Requests.AddOrUpdate(target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..], 1, (_, count) => count + 1);
        if (Model.Request(target, request) is { } illegal)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(
                new Dictionary<string, string> { ["__type"] = "com.amazon.coral.validate#ValidationException", ["message"] = illegal });
            return;
        }

        using var forwarded = new HttpRequestMessage(HttpMethod.Post, upstream) { Content = new ReadOnlyMemoryContent(request) };
        foreach (var (name, value) in context.Request.Headers)
            if (name is not ("Host" or "Content-Length" or "Connection" or "Expect")
                && !forwarded.Headers.TryAddWithoutValidation(name, value.ToArray()))
                forwarded.Content.Headers.TryAddWithoutValidation(name, value.ToArray());
        // The request takes effect, even if nobody waits for the response.
        using var response = await _client.SendAsync(forwarded, CancellationToken.None);
        var bytes = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        Model.Response(target, (int)response.StatusCode, bytes);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (name is not ("Transfer-Encoding" or "Connection")) context.Response.Headers[name] = values.ToArray();
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
