using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Releases.Aws.Tests.Wire;

/// <summary>A service of AWS on loopback that answers as it is told, in turn, and keeps what it was asked.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Queue<Func<HttpContext, Task>> _answers = new();

    private ScriptedService(WebApplication server) => _server = server;

    public List<(IHeaderDictionary Headers, string Body)> Requests { get; } = [];

    public Uri Address => new(_server.Urls.First());

    public static async Task<ScriptedService> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var service = new ScriptedService(builder.Build());
        service._server.Run(service.Answer);
        await service._server.StartAsync();
        return service;
    }

    /// <summary>The next answer has this status and body.</summary>
    public ScriptedService Then(int status, string body, string type = "application/x-amz-json-1.1") => Then(async context =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        await context.Response.WriteAsync(body);
    });

    /// <summary>The next request is taken and its connection closed.</summary>
    public ScriptedService ThenClose() => Then(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>The next request is taken and never answered.</summary>
    public ScriptedService ThenSilence(Action taken) => Then(async context =>
    {
        taken();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ScriptedService Then(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Func<HttpContext, Task> answer;
        lock (_answers)
        {
            Requests.Add((new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
            answer = _answers.Dequeue();
        }

        await answer(context);
    }
}
