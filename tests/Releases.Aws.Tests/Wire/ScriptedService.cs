using System.Text;
using Microsoft.AspNetCore.Http;
using Releases.Testing;

namespace Releases.Aws.Tests.Wire;

/// <summary>A service of AWS on loopback whose responses are set beforehand, one a request, and which keeps the requests.</summary>
internal sealed class ScriptedService : LoopbackServer
{
    private readonly Queue<Func<HttpContext, Task>> _responses = new();

    public SharedList<(IHeaderDictionary Headers, string Body)> Requests { get; } = [];

    /// <summary>The next response has this status and body.</summary>
    public ScriptedService Then(int status, string body, string type = "application/x-amz-json-1.1") => Then(async context =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        await context.Response.WriteAsync(body);
    });

    /// <summary>The connection of the next request is closed.</summary>
    public ScriptedService ThenClose() => Then(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>The next request gets no response.</summary>
    public ScriptedService ThenSilence(Action received) => Then(async context =>
    {
        received();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    protected override async Task Respond(HttpContext context)
    {
        var body = Encoding.UTF8.GetString((await Body(context.Request)).Span);
        Func<HttpContext, Task> respond;
        lock (_responses)
        {
            Requests.Add((new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
            respond = _responses.Dequeue();
        }

        await respond(context);
    }

    private ScriptedService Then(Func<HttpContext, Task> respond)
    {
        lock (_responses) _responses.Enqueue(respond);
        return this;
    }
}
