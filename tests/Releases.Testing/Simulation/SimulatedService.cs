using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>What goes wrong with one call.</summary>
public enum Fault
{
    /// <summary>Refused for now; nothing took effect.</summary>
    Throttled,

    /// <summary>The connection is closed; nothing took effect.</summary>
    Lost,

    /// <summary>It took effect, and the connection is closed before the answer.</summary>
    AnswerLost,

    /// <summary>It took effect, and a proxy answers with a page.</summary>
    BrokenAnswer,

    /// <summary>It took no effect, and a proxy answers with a page.</summary>
    Unavailable,

    /// <summary>It took effect, and the answer is a document that says nothing.</summary>
    Hollow,

    /// <summary>It took effect, and no answer comes for as long as anybody waits.</summary>
    Silence,
}

/// <summary>A service of AWS on loopback: the wire, faults, and what it was asked; what it does is for the one that derives.</summary>
internal abstract class SimulatedService : IAsyncDisposable
{
    /// <summary>More than anybody waits for an answer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(11);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Fault>> _faults = [];
    private readonly Dictionary<string, Fault> _always = [];
    private readonly Dictionary<string, string> _refused = [];
    private WebApplication _server = null!;

    /// <summary>The operations that were asked for, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Holds each request and each answer against AWS's model of the service.</summary>
    public ModelCheck Model { get; } = new();

    public Uri Address => new(_server.Urls.First());

    /// <summary>The next calls of this operation go wrong like this, one each.</summary>
    public void FailNext(string operation, params Fault[] wrong)
    {
        if (!_faults.TryGetValue(operation, out var queue)) _faults[operation] = queue = new();
        foreach (var fault in wrong) queue.Enqueue(fault);
    }

    /// <summary>Every call of this operation goes wrong like this from now on; null: none does.</summary>
    public void FailAlways(string operation, Fault? wrong)
    {
        if (wrong is { } fault) _always[operation] = fault;
        else _always.Remove(operation);
    }

    /// <summary>Refuses every call of an operation with an error of the model; null: none.</summary>
    public void Refuse(string operation, string? code)
    {
        if (code is not null) _refused[operation] = code;
        else _refused.Remove(operation);
    }

    /// <summary>Called before each operation; a test kills the driver here.</summary>
    public Action<string> Asked { get; set; } = _ => { };

    /// <summary>How much time passes while an answer is lost.</summary>
    public TimeSpan TimeLostWithResponse { get; set; }

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
        await _server.DisposeAsync();
        Model.Require();
    }

    /// <summary>What an operation gives; one call at a time. Refuses with <see cref="Refusal"/>.</summary>
    protected abstract JsonObject Do(string operation, JsonObject input);

    /// <summary>Lets time pass where the service has a clock of its own.</summary>
    protected virtual void Passes(TimeSpan time)
    {
    }

    private async Task Answer(HttpContext context)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var operation = target.Split('.')[^1];
        using var request = new MemoryStream();
        await context.Request.Body.CopyToAsync(request);
        var illegal = Model.Request(target, request.GetBuffer().AsMemory(0, (int)request.Length));
        int status;
        string body;
        lock (_gate)
        {
            Calls.Add(operation);
            Asked(operation);
            var fault = _faults.TryGetValue(operation, out var queue) && queue.TryDequeue(out var next) ? next : _always.TryGetValue(operation, out var always) ? always : (Fault?)null;
            if (fault is Fault.Lost) context.Abort();
            if (context.RequestAborted.IsCancellationRequested) return;
            (status, body) = fault switch
            {
                Fault.Throttled => (400, Error("ThrottlingException", "Rate exceeded")),
                Fault.Unavailable => (503, "<html><body>Unavailable</body></html>"),
                _ when illegal is not null => (400, Error("ValidationException", illegal)),
                _ => Done(target, operation, JsonNode.Parse(request.GetBuffer().AsSpan(0, (int)request.Length))!.AsObject()),
            };
            if (fault is not null) Passes(TimeLostWithResponse);
            if (fault is Fault.AnswerLost) context.Abort();
            if (fault is Fault.BrokenAnswer) (status, body) = (502, "<html><body>Bad gateway</body></html>");
            if (fault is Fault.Hollow) (status, body) = (200, "{}");
            if (fault is Fault.Silence) Passes(LongestWait);
        }

        if (context.RequestAborted.IsCancellationRequested) return;
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/x-amz-json-1.1");
        await context.Response.WriteAsync(body);
    }

    private (int Status, string Body) Done(string target, string operation, JsonObject input)
    {
        var (status, body) = Done(operation, input);
        Model.Answer(target, status, Encoding.UTF8.GetBytes(body));
        return (status, body);
    }

    private (int Status, string Body) Done(string operation, JsonObject input)
    {
        if (_refused.TryGetValue(operation, out var code)) return (code == "ServerException" ? 500 : 400, Error(code, $"A {code}."));
        try
        {
            return (200, Do(operation, input).ToJsonString());
        }
        catch (Refusal refused)
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
internal sealed class Refusal(string code, string message) : Exception(message)
{
    public string Code => code;
}
