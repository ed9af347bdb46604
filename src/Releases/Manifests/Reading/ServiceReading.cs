using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Reads one service of <c>convox.yml</c>.</summary>
internal sealed partial class ServiceReading(ManifestMap service, YamlScalar key, Findings findings)
{
    private readonly HashSet<string> _stated = [];

    /// <summary>The service; where there is a problem, the findings have it and what is returned is not used.</summary>
    public static Service Read(ServiceName name, YamlScalar key, YamlValue body, Findings findings) =>
        ManifestMap.Of(body, ManifestKeys.Service, findings, "a service") is { } service
            ? new ServiceReading(service, key, findings).Read(name)
            : new() { Name = name };

    private Service Read(ServiceName name)
    {
        _stated.UnionWith(service.Keys.Where(k => k is not ("build" or "deployment" or "environment" or "health" or "scale" or "termination")));
        var read = new Service
        {
            Name = name,
            Build = ReadBuild(),
            Image = ReadImage(),
            Command = findings.Command(service["command"], "command"),
            Port = PortReading.Read(service["port"], findings),
            Sticky = findings.Truth(service["sticky"], "sticky") ?? false,
            Health = ReadHealth(),
            Scale = new ScaleReading(Stated("scale"), name, findings, _stated).Read(),
            Deployment = new DeploymentReading(service, findings, _stated).Read(),
            Drain = findings.Seconds(service["drain"], "drain") ?? TimeSpan.FromSeconds(30),
            TerminationGrace = ReadTermination(),
            Release = findings.Command(service["release"], "release"),
            Environment = EnvironmentReading.Read(Stated("environment"), findings),
            Aws = service["x-aws"] is { } aws ? ReadAws(aws) : null,
            Stated = _stated,
        };
        if (read.Build is not null && read.Image is not null)
            findings.Error(key, $"{name} has both 'build' and 'image'.", "Keep 'build' for a project, or 'image' for an image that is there already.");
        return read;
    }

    private string? ReadBuild()
    {
        var value = Stated("build");
        if (value is YamlMap) value = ManifestMap.Of(value, ManifestKeys.Build, findings, "'build'")?["path"];
        var path = findings.Text(value, "build");
        if (path is null || !path.Contains("${", StringComparison.Ordinal)) return path;
        findings.Error(value!, "'build' is needed before there is an environment to resolve it from.", "State the path of the project.");
        return null;
    }

    private string? ReadImage()
    {
        var image = findings.Text(service["image"], "image");
        if (image is not null) findings.Flaw(service["image"]!, image);
        return image;
    }

    private HealthCheck ReadHealth()
    {
        var value = Stated("health");
        if (value is null) return new();
        if (value is YamlScalar)
        {
            _stated.Add("health.path");
            return new() { Path = ReadPath(value) };
        }

        if (ManifestMap.Of(value, ManifestKeys.Health, findings, "'health'") is not { } health) return new();
        _stated.UnionWith(health.Keys.Select(k => $"health.{k}"));
        var interval = findings.Seconds(health["interval"], "health.interval", 1) ?? TimeSpan.FromSeconds(5);
        return new()
        {
            Path = ReadPath(health["path"]),
            Host = ReadHost(health["host"]),
            Interval = interval,
            Grace = findings.Seconds(health["grace"], "health.grace") ?? interval,
            Timeout = findings.Seconds(health["timeout"], "health.timeout", 1) ?? TimeSpan.FromSeconds(Math.Max(1, interval.TotalSeconds - 1)),
        };
    }

    private string? ReadPath(YamlValue? value)
    {
        var path = findings.Text(value, "health");
        if (path is not null && path[0] != '/' && !path.StartsWith("${", StringComparison.Ordinal))
            findings.Error(
                value!, $"The path of 'health' has to begin with a slash, and '{path}' does not.",
                path.ToLowerInvariant() is "false" or "true" or "no" or "off" ? "Leave 'health' out: then any answer below 500 on / is healthy." : $"Write /{path}.");
        else if (path is not null) findings.Flaw(value!, path);
        return path;
    }

    private string? ReadHost(YamlValue? value)
    {
        var host = findings.Text(value, "health.host");
        if (host is not null && !Host().IsMatch(host))
            findings.Error(value!, $"'health.host' has to be the name of a host, with or without a port, and '{host}' is not.");
        return host;
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$|\$\{", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    private TimeSpan ReadTermination()
    {
        var termination = ManifestMap.Of(Stated("termination"), ManifestKeys.Termination, findings, "'termination'");
        if (termination?["grace"] is not null) _stated.Add("termination.grace");
        return findings.Seconds(termination?["grace"], "termination.grace") ?? TimeSpan.FromSeconds(30);
    }

    private string? ReadAws(YamlValue value)
    {
        if (value is YamlMap) return YamlText.Of(value);
        findings.Error(value, "'x-aws' has to be keys and values.");
        return null;
    }

    private YamlValue? Stated(string name)
    {
        if (service[name] is not null) _stated.Add(name);
        return service[name];
    }
}
