using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Reads one service of <c>convox.yml</c>.</summary>
internal sealed partial class ServiceReader(ManifestSection service, YamlScalar key, ManifestDiagnostics diagnostics)
{
    private readonly HashSet<string> _stated = [];

    /// <summary>Reads a service. If there is a problem, it is in the diagnostics, and the result isn't used.</summary>
    public static Service Read(ServiceName name, YamlScalar key, YamlValue body, ManifestDiagnostics diagnostics) =>
        ManifestSection.Read(body, ManifestKeys.Service, diagnostics, "a service") is { } service
            ? new ServiceReader(service, key, diagnostics).Read(name)
            : new() { Name = name };

    private Service Read(ServiceName name)
    {
        _stated.UnionWith(service.Keys.Where(k =>
            k is not ("build" or "deployment" or "environment" or "health" or "scale" or "termination")));
        var port = PortReader.Read(service["port"], diagnostics);
        var read = new Service
        {
            Name = name,
            Build = ReadBuild(),
            Image = ReadImage(),
            Command = diagnostics.Command(service["command"], "command"),
            Port = port.Port,
            Scheme = port.Scheme,
            Domains = DomainReader.Read(service["domain"], diagnostics.ForKeysOnceIgnored),
            Internal = diagnostics.ForKeysOnceIgnored.Boolean(service["internal"], "internal") ?? false,
            Sticky = diagnostics.Boolean(service["sticky"], "sticky") ?? false,
            Health = ReadHealth(),
            Scale = new ScaleReader(Stated("scale"), name, diagnostics, _stated).Read(),
            Deployment = new DeploymentReader(service, diagnostics, _stated).Read(),
            Drain = diagnostics.Seconds(service["drain"], "drain") ?? TimeSpan.FromSeconds(30),
            TerminationGrace = ReadTermination(),
            Release = diagnostics.Command(service["release"], "release"),
            Verify = diagnostics.Command(service["verify"], "verify"),
            Environment = EnvironmentReader.Read(Stated("environment"), diagnostics),
            Extensions = ReadExtensions(),
            Stated = _stated,
        };
        if (read.Build is not null && read.Image is not null)
            diagnostics.Error(
                key, $"{name} has both 'build' and 'image'.", "Keep 'build' for a project, or 'image' for an existing image.");
        if (read.Verify is not null && !SideBySide.Allows(read))
            diagnostics.Error(
                service["verify"]!,
                "'verify' tries the new processes before they get traffic, but "
                    + $"with {SideBySide.Obstacle(read)} old ones end to start them.",
                $"{SideBySide.Remedy(read)}, or remove 'verify'.");
        return read;
    }

    private string? ReadBuild()
    {
        var value = Stated("build");
        if (value is YamlMap) value = ManifestSection.Read(value, ManifestKeys.Build, diagnostics, "'build'")?["path"];
        var path = diagnostics.Text(value, "build");
        if (path is null || !path.Contains("${", StringComparison.Ordinal)) return path;
        diagnostics.Error(value!, "'build' is read before there is an environment to resolve ${NAME} from.",
            "Write the path of the project.");
        return null;
    }

    private string? ReadImage()
    {
        var image = diagnostics.Text(service["image"], "image");
        if (image is not null) diagnostics.CheckReferences(service["image"]!, image);
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

        if (ManifestSection.Read(value, ManifestKeys.Health, diagnostics, "'health'") is not { } health) return new();
        _stated.UnionWith(health.Keys.Select(k => $"health.{k}"));
        var interval = diagnostics.Seconds(health["interval"], "health.interval", 1) ?? TimeSpan.FromSeconds(5);
        return new()
        {
            Path = ReadPath(health["path"]),
            Host = ReadHost(health["host"]),
            Interval = interval,
            Grace = diagnostics.Seconds(health["grace"], "health.grace") ?? interval,
            Timeout = diagnostics.Seconds(health["timeout"], "health.timeout", 1)
                ?? TimeSpan.FromSeconds(Math.Max(1, interval.TotalSeconds - 1)),
        };
    }

    private string? ReadPath(YamlValue? value)
    {
        var path = diagnostics.Text(value, "health");
        if (path is not null && path[0] != '/' && !path.StartsWith("${", StringComparison.Ordinal))
            diagnostics.Error(
                value!, $"'health' must be a path that begins with a slash, not '{path}'.",
                path.ToLowerInvariant() is "false" or "true" or "no" or "off"
                    ? "Leave out 'health': any answer below 500 on / then counts as healthy."
                    : $"Write {(IsUrl(path, out var url) ? url.PathAndQuery : $"/{path}")}.");
        else if (path is not null) diagnostics.CheckReferences(value!, path);
        return path;
    }

    private static bool IsUrl(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private string? ReadHost(YamlValue? value)
    {
        var host = diagnostics.Text(value, "health.host");
        if (host is not null && !Host().IsMatch(host))
            diagnostics.Error(value!, $"'health.host' must be a host name, with or without a port, not '{host}'.");
        return host;
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$|\$\{", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    private TimeSpan ReadTermination()
    {
        var termination = ManifestSection.Read(Stated("termination"), ManifestKeys.Termination, diagnostics, "'termination'");
        if (termination?["grace"] is not null) _stated.Add("termination.grace");
        return diagnostics.Seconds(termination?["grace"], "termination.grace") ?? TimeSpan.FromSeconds(30);
    }

    private IReadOnlyDictionary<string, YamlValue> ReadExtensions()
    {
        foreach (var (name, value) in service.Extensions.Where(e => e.Value is not YamlMap))
            diagnostics.Error(value, $"'{name}' must be keys and values.");
        return service.Extensions;
    }

    private YamlValue? Stated(string name)
    {
        if (service[name] is not null) _stated.Add(name);
        return service[name];
    }
}
