namespace Releases;

/// <summary>Passes a promotion's trace on to the commands that it runs.</summary>
internal static class TracedCommand
{
    /// <summary>
    /// Returns the service with the trace context of its command's span in the environment, or unchanged if there is no trace.
    /// </summary>
    public static ServiceSpec Traced(this Promotion promotion, ServiceSpec service, string span)
    {
        if (promotion.Trace is not { } trace) return service;
        var context = trace.ContextOf(promotion.Id, span);
        var environment = new Dictionary<string, string>(service.Environment, StringComparer.Ordinal);
        environment[PromotionTrace.Variable] = context;
        return service with
        {
            Environment = environment,
            Secrets = service.Secrets.Where(k => k != PromotionTrace.Variable).ToHashSet(StringComparer.Ordinal),
        };
    }
}
