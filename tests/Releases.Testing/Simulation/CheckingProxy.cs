using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>Stands before a program that speaks for a service of AWS, and holds each request and each answer against AWS's model.</summary>
/// <param name="upstream">The program.</param>
/// <param name="tolerated">What AWS itself breaks in its answers.</param>
internal sealed class CheckingProxy(Uri upstream, IReadOnlyList<string> tolerated) : IAsyncDisposable
{
    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private WebApplication _server = null!;

    public ModelCheck Model { get; } = new(tolerated);

    public Uri Address => new(_server.Urls.First());

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(Answer);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _client.Dispose();
        Model.Require();
    }

    private async Task Answer(HttpContext context)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var asked = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (Model.Request(target, asked) is { } illegal)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(
                new Dictionary<string, string> { ["__type"] = "com.amazon.coral.validate#ValidationException", ["message"] = illegal });
            return;
        }

        using var passedOn = new HttpRequestMessage(HttpMethod.Post, upstream) { Content = new ReadOnlyMemoryContent(asked) };
        foreach (var (name, value) in context.Request.Headers)
            if (name is not ("Host" or "Content-Length" or "Connection" or "Expect")
                && !passedOn.Headers.TryAddWithoutValidation(name, value.ToArray()))
                passedOn.Content.Headers.TryAddWithoutValidation(name, value.ToArray());
        // What was asked takes effect, also if nobody waits for the answer any more.
        using var answer = await _client.SendAsync(passedOn, CancellationToken.None);
        var bytes = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
        Model.Answer(target, (int)answer.StatusCode, bytes);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name is not ("Transfer-Encoding" or "Connection")) context.Response.Headers[name] = values.ToArray();
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
