using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Releases.Aws.Tests.Simulation;

/// <summary>What goes wrong with one call.</summary>
internal enum Fault
{
    /// <summary>Refused for now; nothing took effect.</summary>
    Throttled,

    /// <summary>The connection is closed; nothing took effect.</summary>
    Lost,

    /// <summary>It took effect, and the connection is closed before the answer.</summary>
    AnswerLost,

    /// <summary>It took effect, and a proxy answers with a page.</summary>
    BrokenAnswer,
}

/// <summary>A service of AWS on loopback: the wire, faults, and what it was asked; what it does is for the one that derives.</summary>
internal abstract class SimulatedService : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Operation, Fault Fault)> _faults = new();
    private WebApplication _server = null!;

    /// <summary>The operations that were asked for, in order.</summary>
    public List<string> Calls { get; } = [];

    public Uri Address => new(_server.Urls.First());

    /// <summary>The next calls of this operation go wrong like this, one each.</summary>
    public void Goes(string operation, params Fault[] wrong)
    {
        foreach (var fault in wrong) _faults.Enqueue((operation, fault));
    }

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(Answer);
        await _server.StartAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>What an operation gives; one call at a time. Refuses with <see cref="Refusal"/>.</summary>
    protected abstract JsonObject Do(string operation, JsonObject input);

    private async Task Answer(HttpContext context)
    {
        var operation = context.Request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        var input = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        int status;
        string body;
        lock (_gate)
        {
            Calls.Add(operation);
            var fault = _faults.TryPeek(out var next) && next.Operation == operation ? _faults.Dequeue().Fault : (Fault?)null;
            if (fault is Fault.Lost) context.Abort();
            if (context.RequestAborted.IsCancellationRequested) return;
            (status, body) = fault is Fault.Throttled ? (400, Error("ThrottlingException", "Rate exceeded")) : Done(operation, input);
            if (fault is Fault.AnswerLost) context.Abort();
            if (fault is Fault.BrokenAnswer) (status, body) = (502, "<html><body>Bad gateway</body></html>");
        }

        if (context.RequestAborted.IsCancellationRequested) return;
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/x-amz-json-1.1");
        await context.Response.WriteAsync(body);
    }

    private (int Status, string Body) Done(string operation, JsonObject input)
    {
        try
        {
            return (200, Do(operation, input).ToJsonString());
        }
        catch (Refusal refused)
        {
            return (400, Error(refused.Code, refused.Message));
        }
    }

    private static string Error(string code, string message) => new JsonObject { ["__type"] = code, ["message"] = message }.ToJsonString();
}

/// <summary>An error of the service's model.</summary>
internal sealed class Refusal(string code, string message) : Exception(message)
{
    public string Code => code;
}
