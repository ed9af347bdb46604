using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>What goes wrong with one call.</summary>
public enum Fault
{
    /// <summary>Refused for now; nothing took effect.</summary>
    Throttled,

    /// <summary>Refused by ECS, because another caller is registering a revision of the same family; nothing took effect.</summary>
    FamilyBusy,

    /// <summary>The connection is closed; nothing took effect.</summary>
    ConnectionLost,

    /// <summary>It took effect, and the connection is closed before the response.</summary>
    ResponseLost,

    /// <summary>It took effect, and a proxy responds with a page.</summary>
    BrokenResponse,

    /// <summary>It took no effect, and a proxy responds with a page.</summary>
    Unavailable,

    /// <summary>It took effect, and the response is a document without members.</summary>
    EmptyResponse,

    /// <summary>It took effect, and no response comes for as long as anybody waits.</summary>
    NoResponse,
}

/// <summary>A service of AWS that speaks JSON, on loopback: the wire, faults and the requests; what an operation does is for the class that
/// derives.</summary>
internal abstract class SimulatedService : LoopbackServer
{
    /// <summary>More than anybody waits for a response.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(11);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _faults = new();
    private readonly ConcurrentDictionary<string, Fault> _always = new();
    private readonly ConcurrentDictionary<string, string> _refused = new();

    /// <summary>The operations that were called, in order.</summary>
    public SharedList<string> Calls { get; } = [];

    /// <summary>Holds each request and each response against AWS's model of the service.</summary>
    public ModelCheck Model { get; } = new();

    /// <summary>The next calls of this operation go wrong like this, one each.</summary>
    public void FailNext(string operation, params Fault[] wrong)
    {
        var queue = _faults.GetOrAdd(operation, _ => new());
        foreach (var fault in wrong) queue.Enqueue(fault);
    }

    /// <summary>Every call of this operation goes wrong like this from now on; null: none does.</summary>
    public void FailAlways(string operation, Fault? wrong)
    {
        if (wrong is { } fault) _always[operation] = fault;
        else _always.TryRemove(operation, out _);
    }

    /// <summary>Refuses every call of an operation with an error of the model; null: none.</summary>
    public void Refuse(string operation, string? code)
    {
        if (code is not null) _refused[operation] = code;
        else _refused.TryRemove(operation, out _);
    }

    /// <summary>Called before each operation; a test kills the driver here.</summary>
    public Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>How much time passes while a response is lost.</summary>
    public TimeSpan ResponseLossTakes { get; set; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Model.Require();
    }

    /// <summary>Held during each call, and by whoever looks at what calls change, as tests do while the tool still calls.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>The response of an operation; one call at a time. Refuses with <see cref="ServiceError"/>.</summary>
    protected abstract JsonObject Handle(string operation, JsonObject input);

    /// <summary>Lets time pass where the service has a clock of its own.</summary>
    protected virtual void AdvanceClock(TimeSpan time)
    {
    }

    protected override async Task Respond(HttpContext context)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var operation = target.Split('.')[^1];
        var request = await Body(context.Request);
        var illegal = Model.Request(target, request);
        int status;
        string body;
        lock (Gate)
        {
            Calls.Add(operation);
            OnRequest(operation);
            var fault = NextFault(operation);
            if (fault is Fault.ConnectionLost) context.Abort();
            if (context.RequestAborted.IsCancellationRequested) return;
            (status, body) = fault switch
            {
                Fault.Throttled => (400, Error("ThrottlingException", "Rate exceeded")),
                Fault.FamilyBusy => (400, Error(
                    "ClientException", "Too many concurrent attempts to create a new revision of the specified family.")),
                Fault.Unavailable => (503, "<html><body>Unavailable</body></html>"),
                _ when illegal is not null => (400, Error("ValidationException", illegal)),
                _ => Execute(target, operation, JsonNode.Parse(request.Span)!.AsObject()),
            };
            if (fault is not null) AdvanceClock(ResponseLossTakes);
            if (fault is Fault.ResponseLost) context.Abort();
            if (fault is Fault.BrokenResponse) (status, body) = (502, "<html><body>Bad gateway</body></html>");
            if (fault is Fault.EmptyResponse) (status, body) = (200, "{}");
            if (fault is Fault.NoResponse) AdvanceClock(LongestWait);
        }

        if (context.RequestAborted.IsCancellationRequested) return;
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/x-amz-json-1.1");
        await context.Response.WriteAsync(body);
    }

    private Fault? NextFault(string operation) =>
        _faults.TryGetValue(operation, out var queue) && queue.TryDequeue(out var next) ? next
        : _always.TryGetValue(operation, out var always) ? always
        : null;

    private (int Status, string Body) Execute(string target, string operation, JsonObject input)
    {
        var (status, body) = Execute(operation, input);
        Model.Response(target, status, Encoding.UTF8.GetBytes(body));
        return (status, body);
    }

    private (int Status, string Body) Execute(string operation, JsonObject input)
    {
        if (_refused.TryGetValue(operation, out var code)) return (code == "ServerException" ? 500 : 400, Error(code, $"A {code}."));
        try
        {
            return (200, Handle(operation, input).ToJsonString());
        }
        catch (ServiceError refused)
        {
            return (400, Error(refused.Code, refused.Message));
        }
        catch (Exception bug)
        {
            Model.Fail($"The simulator failed at {operation}: {bug}");
            throw;
        }
    }

    private static string Error(string code, string message) => new JsonObject { ["__type"] = code, ["message"] = message }.ToJsonString();
}

/// <summary>An error of the service's model.</summary>
internal sealed class ServiceError(string code, string message) : Exception(message)
{
    public string Code => code;
}
