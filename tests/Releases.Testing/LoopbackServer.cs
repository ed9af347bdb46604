using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Releases.Testing;

/// <summary>An HTTP server on a free port of loopback; how it responds is for the class that derives.</summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    private WebApplication? _server;

    public Uri Address => new(_server!.Urls.First());

    /// <summary>Stands before the responses, and calls for them with its second argument; null: nothing does.</summary>
    public Func<HttpContext, RequestDelegate, Task>? Middleware { get; set; }

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context => Middleware is { } middleware ? middleware(context, Respond) : Respond(context));
        await _server.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task Respond(HttpContext context);

    /// <summary>The whole body of a request.</summary>
    protected static async Task<ReadOnlyMemory<byte>> Body(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
