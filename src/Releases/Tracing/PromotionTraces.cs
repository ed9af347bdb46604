using System.Net.Http.Headers;

namespace Releases;

/// <summary>
/// Creates and sends the traces of promotions according to the process's environment: a promotion gets a trace if a collector is configured
/// or the caller has a trace, and the trace is sent once the promotion has ended. The collector never affects a promotion.
/// </summary>
/// <param name="variable">Looks up an environment variable of the process.</param>
public sealed class PromotionTraces(Func<string, string?> variable)
{
    private const string Grpc =
        "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and traces are sent over HTTP only; "
        + "set it to http/json, and the endpoint to the HTTP port (4318)";

    /// <summary>The clock of the limit. The user waits in real time, whatever clock the promotion has.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether this process has a collector to send traces to.</summary>
    public bool HasCollector => TraceSettings.From(variable) is not null;

    /// <summary>Returns the trace of a promotion that is being started, or null if it has none.</summary>
    /// <param name="ofCaller">
    /// Whether <see cref="PromotionTrace.Variable"/> belongs to this promotion, rather than to a whole server.
    /// </param>
    public PromotionTrace? Begin(bool ofCaller = true) =>
        (ofCaller ? PromotionTrace.Parse(variable(PromotionTrace.Variable)) : null)
        ?? (TraceSettings.From(variable) is null ? null : PromotionTrace.New());

    /// <summary>
    /// Sends the trace of a promotion that has ended, if this process has a collector. Returns why it failed, or null if it succeeded or
    /// there is nothing to send.
    /// </summary>
    /// <param name="promotion">The promotion.</param>
    /// <param name="rack">The rack's name.</param>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<string?> Send(Promotion promotion, string rack, CancellationToken cancel)
    {
        if (promotion is not { Ended: true, Trace: { IsSampled: true } trace }) return null;
        if (TraceSettings.From(variable) is not { } settings) return null;
        if (settings.Endpoint is not { } endpoint)
            return $"The trace of promotion {promotion.Id} wasn't sent: the OTLP endpoint must begin with http:// or https://.";
        var body = OtlpDocument.Write(PromotionSpans.Of(promotion, rack), trace.TraceId, settings.Resource);
        var trouble = settings.IsGrpc ? Grpc : await Post(settings, endpoint, body, cancel);
        return trouble is null
            ? null
            : $"The trace of promotion {promotion.Id} wasn't delivered to {endpoint.Authority}: {trouble}.";
    }

    private async Task<string?> Post(TraceSettings settings, Uri endpoint, byte[] body, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(settings.Limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("dotnet-convox", ToolVersion.Text.Split('+')[0]));
        foreach (var (name, value) in settings.Headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException failed)
        {
            return failed.InnerException?.Message.TrimEnd('.') ?? failed.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return $"no answer within {Duration.Text(settings.Limit)}";
        }
    }
}
