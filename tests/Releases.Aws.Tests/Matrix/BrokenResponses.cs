using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;

namespace Releases.Aws.Tests.Matrix;

/// <summary>Stands before the responses of one service of AWS, and breaks those to one operation.</summary>
internal sealed class BrokenResponses
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly string _service;
    private readonly LoopbackServer _server;
    private readonly FakeTimeProvider _time;
    private (string Operation, Answer Answer, int Left)? _break;

    public BrokenResponses(string service, LoopbackServer server, FakeTimeProvider time)
    {
        (_service, _server, _time) = (service, server, time);
        server.Middleware = Respond;
    }

    public string Service => _service;

    public Uri Address => _server.Address;

    /// <summary>Whether the service responds with XML.</summary>
    private bool IsQuery => _service is "STS" or "IAM";

    /// <summary>The operations that were called.</summary>
    public SharedList<string> Requests { get; } = [];

    /// <summary>How many calls are not answered.</summary>
    public int Silent;

    /// <summary>Called with each operation.</summary>
    public Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>The next answers to an operation are broken.</summary>
    public void Break(string operation, Answer answer, int times)
    {
        lock (_gate) _break = (operation, answer, times);
    }

    public void Heal()
    {
        lock (_gate) _break = null;
    }

    private async Task Respond(HttpContext context, RequestDelegate next)
    {
        try
        {
            var operation = await Operation(context.Request);
            Requests.Add(operation);
            OnRequest(operation);
            await Respond(context, next, Next(operation), operation);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller waits no more.
        }
    }

    private Answer? Next(string operation)
    {
        lock (_gate)
        {
            if (_break is not var (broken, answer, left) || broken != operation || left == 0) return null;
            _break = (broken, answer, left - 1);
            return answer;
        }
    }

    private async Task Respond(HttpContext context, RequestDelegate next, Answer? broken, string operation)
    {
        switch (broken)
        {
            case Answer.ResetBefore:
                context.Abort();
                return;
            case Answer.Silence:
                Interlocked.Increment(ref Silent);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
                Interlocked.Decrement(ref Silent);
                return;
            case Answer.Throttled:
                await WriteError(context, 400, "ThrottlingException", "Rate exceeded");
                return;
            case Answer.Fails:
                await WriteError(context, 500, "InternalFailure", "The request could not be carried out.");
                return;
            case Answer.FailsAsPage:
                await Write(context, 500, "text/html", "<html><body>Bad gateway</body></html>");
                return;
            case Answer.Denied:
                await WriteError(context, IsQuery ? 403 : 400, IsQuery ? "AccessDenied" : "AccessDeniedException",
                    $"User: arn:aws:iam::111122223333:user/anna is not authorized to perform: {operation}");
                return;
            case Answer.Expired:
                await WriteError(context, IsQuery ? 403 : 400, IsQuery ? "ExpiredToken" : "ExpiredTokenException",
                    "The security token included in the request is expired");
                return;
            case Answer.ClockOff when Skew(context.Request) > TimeSpan.FromMinutes(5):
                context.Response.Headers.Date = (TimeProvider.System.GetUtcNow() + TenMinutes).ToString("R", CultureInfo.InvariantCulture);
                await WriteError(context, IsQuery ? 403 : 400, IsQuery ? "SignatureDoesNotMatch" : "InvalidSignatureException",
                    "Signature expired: it is now earlier than ten minutes ago");
                return;
        }

        var (status, type, text) = await Buffered(context, next);
        if (status != StatusCodes.Status200OK) broken = broken == Answer.ResetAfter ? broken : null;
        switch (broken)
        {
            case Answer.ResetAfter:
                context.Abort();
                return;
            case Answer.Truncated:
                text = text[..(text.Length / 2)];
                break;
            case Answer.Empty:
                text = "";
                break;
            case Answer.EmptyLists:
                text = IsQuery ? $"<{operation}Response/>" : WithEach(text,
                    m => m is JsonArray ? new JsonArray() : m is JsonObject ? new JsonObject() : m?.DeepClone());
                break;
            case Answer.OtherKinds:
                text = IsQuery ? "<Other>1</Other>" : WithEach(text, _ => JsonValue.Create(5));
                break;
        }

        await Write(context, status, type, text);
    }

    /// <summary>The response, of which nothing was sent.</summary>
    private static async Task<(int Status, string Type, string Text)> Buffered(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await next(context);
        context.Features.Set(body);
        context.RequestAborted.ThrowIfCancellationRequested();
        var type = context.Response.ContentType ?? "application/x-amz-json-1.1";
        // With its date, which is not of the virtual time.
        context.Response.Headers.Clear();
        return (context.Response.StatusCode, type, Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static string WithEach(string text, Func<JsonNode?, JsonNode?> change) =>
        JsonNode.Parse(text) is JsonObject members
            ? new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, change(m.Value)))).ToJsonString()
            : "[]";

    private Task WriteError(HttpContext context, int status, string code, string message) => IsQuery
        ? Write(context, status, "text/xml",
            $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>")
        : Write(context, status, "application/x-amz-json-1.1", new JsonObject { ["__type"] = code, ["message"] = message }.ToJsonString());

    private async Task Write(HttpContext context, int status, string type, string text)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        if (context.Response.Headers.Date.Count == 0)
            context.Response.Headers.Date = _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>How far a signature's time is from a clock that is ten minutes ahead.</summary>
    private static TimeSpan Skew(HttpRequest request) => DateTimeOffset.TryParseExact(
        request.Headers["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed)
        ? (TimeProvider.System.GetUtcNow() + TenMinutes - signed).Duration() : TimeSpan.MaxValue;

    private static async Task<string> Operation(HttpRequest request) =>
        request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target
            ? target.Split('.')[^1]
            : (await request.ReadFormAsync())["Action"].ToString();
}
