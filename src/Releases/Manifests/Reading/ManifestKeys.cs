namespace Releases;

/// <summary>Represents the keys of one level of <c>convox.yml</c>.</summary>
/// <param name="Used">The keys that are supported.</param>
/// <param name="Unused">The keys of Convox that aren't supported here.</param>
/// <param name="Extensions">Whether keys that begin with <c>x-</c> are extensions, as in Compose, and are kept as they are.</param>
internal sealed record ManifestKeys(IReadOnlyList<string> Used, IReadOnlyList<string> Unused, bool Extensions = false)
{
    public static ManifestKeys Top { get; } = new(
        ["environment", "services"],
        ["appSettings", "balancers", "budget", "configs", "labels", "params", "resources", "timers"],
        Extensions: true);

    public static ManifestKeys Service { get; } = new(
        [
            "build", "command", "deployment", "domain", "drain", "environment", "health", "image", "internal", "port", "release", "scale",
            "singleton", "sticky", "termination", "verify",
        ],
        [
            "accessControl", "agent", "annotations", "certificate", "configMounts", "disableHostUsers", "dnsConfig", "grpcHealthEnabled",
            "imagePullSecrets", "ingressAnnotations", "init", "initContainer", "internalAndExternal", "internalRouter", "labels",
            "lifecycle", "links", "liveness", "nlb", "nodeAffinityLabels", "nodeSelectorLabels", "policies", "ports", "privileged",
            "resources", "securityContext", "startupProbe", "test", "timeout", "tls", "volumeOptions", "volumes", "whitelist",
        ],
        Extensions: true);

    public static ManifestKeys Build { get; } = new(["path"], ["args", "manifest", "target"]);

    public static ManifestKeys Port { get; } = new(["port", "scheme"], []);

    public static ManifestKeys Health { get; } = new(["grace", "host", "interval", "path", "timeout"], ["disable", "port"]);

    public static ManifestKeys Scale { get; } = new(
        ["count", "cpu", "max", "memory", "min", "targets"], ["autoscale", "cooldown", "external", "gpu", "keda", "limit", "vpa"]);

    public static ManifestKeys Count { get; } = new(["max", "min"], []);

    public static ManifestKeys Targets { get; } = new(["cpu", "memory", "requests"], ["custom", "external"]);

    public static ManifestKeys Deployment { get; } = new(
        ["bake", "interval", "judge", "maximum", "minimum", "percent", "strategy", "timeout"], []);

    public static ManifestKeys Judge { get; } = new(["errors", "latency"], []);

    public static ManifestKeys Termination { get; } = new(["grace"], []);
}
