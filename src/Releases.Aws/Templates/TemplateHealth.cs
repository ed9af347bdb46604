namespace Releases.Aws;

/// <summary>Converts a health check to that of a target group, within the limits of a load balancer.</summary>
internal static class TemplateHealth
{
    public const int MinInterval = 5;
    public const int MaxInterval = 300;
    public const int MinTimeout = 2;
    public const int MaxTimeout = 120;
    public const int MaxDrain = 3600;

    /// <summary>As on the local rack, checks of a starting process don't count for a minute.</summary>
    private const int MinGrace = 60;

    public static int Interval(HealthCheck health) => Math.Clamp((int)health.Interval.TotalSeconds, MinInterval, MaxInterval);

    /// <summary>A load balancer requires it to be below the interval.</summary>
    public static int Timeout(HealthCheck health) =>
        Math.Clamp((int)health.Timeout.TotalSeconds, MinTimeout, Math.Min(MaxTimeout, Interval(health) - 1));

    public static int Grace(HealthCheck health) => Math.Max(MinGrace, (int)health.Grace.TotalSeconds);

    public static int Drain(Service service) => Math.Min((int)service.Drain.TotalSeconds, MaxDrain);

    /// <summary>
    /// With a path, 200–399 is healthy, else any response below 500. With gRPC and no path, any status is, because the server doesn't know
    /// the method.
    /// </summary>
    public static string Matcher(TemplateService service) => service.IsGrpc
        ? $"{{ GrpcCode: \"{(service.Manifest.Health.Path is null ? "0-99" : "0")}\" }}"
        : $"{{ HttpCode: \"{(service.Manifest.Health.Path is null ? "200-499" : "200-399")}\" }}";
}
