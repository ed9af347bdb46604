namespace Releases.Local;

/// <summary>Defines where metrics are served for programs that keep them, such as Prometheus.</summary>
internal static class OpenMetrics
{
    public const string Path = "/metrics";

    public static Uri Address(int port) => new($"http://127.0.0.1:{port}{Path}");
}
