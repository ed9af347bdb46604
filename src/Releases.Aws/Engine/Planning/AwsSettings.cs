namespace Releases.Aws;

/// <summary>Represents the settings of a service under <c>x-aws</c> in <c>convox.yml</c>.</summary>
/// <param name="Service">The name of the ECS service; <c>&lt;app&gt;-&lt;service&gt;</c> if null.</param>
/// <param name="Container">The name of the service's own container; determined automatically if null.</param>
/// <param name="NewestOfFamily">Whether the base is the newest revision of its family, rather than the one that the service ran.</param>
/// <param name="Alarms">The CloudWatch alarms that judge its promotions; those of the service if empty.</param>
internal sealed record AwsSettings(string? Service, string? Container, bool NewestOfFamily, IReadOnlyList<string> Alarms)
{
    private const string Extension = "x-aws";

    internal static ManifestKeys Keys { get; } = ManifestKeys.At($"service.{Extension}");

    /// <summary>Whether the ECS service is named by a variable, which only a promotion resolves.</summary>
    public bool HasVariableName => Interpolation.HasAny(Service);

    /// <summary>Whether the ECS service or the container is named by a variable.</summary>
    public bool HasVariables => HasVariableName || Interpolation.HasAny(Container);

    /// <summary>
    /// Returns the problems of keys that aren't settings. Values aren't checked, because they may contain variables, which only a promotion
    /// knows.
    /// </summary>
    public static IReadOnlyList<Problem> CheckKeys(Manifest manifest)
    {
        var diagnostics = new ManifestDiagnostics(ManifestReader.FileName);
        foreach (var service in manifest.Services) Read(service, diagnostics);
        return diagnostics.Problems;
    }

    /// <summary>Returns the settings. Fails with <see cref="ProblemCode.Manifest"/>.</summary>
    public static AwsSettings From(Service service)
    {
        var diagnostics = new ManifestDiagnostics(ManifestReader.FileName);
        var stated = Read(service, diagnostics);
        var on = diagnostics.Text(stated?["base"], "x-aws.base");
        if (on is not null and not "family" and not "service")
            diagnostics.Error(stated!["base"]!, $"'x-aws.base' cannot be '{on}'.", "It can be: service, family.");
        var settings = new AwsSettings(
            diagnostics.Text(stated?["service"], "x-aws.service"), diagnostics.Text(
                stated?["container"], "x-aws.container"), on == "family", ReadAlarms(stated?["alarms"], diagnostics));
        return diagnostics.Problems is [] ? settings : throw new ProblemException(diagnostics.Problems);
    }

    private static List<string> ReadAlarms(YamlValue? stated, ManifestDiagnostics diagnostics)
    {
        if (stated is null) return [];
        if (stated is YamlList list && list.Items.All(i => i is YamlScalar)) return [.. list.Items.Select(i => ((YamlScalar)i).Text)];
        diagnostics.Error(stated, "'x-aws.alarms' must be a list of the names of CloudWatch alarms.", "For example: alarms: [web-5xx]");
        return [];
    }

    private static ManifestSection? Read(Service service, ManifestDiagnostics diagnostics)
    {
        foreach (var (key, value) in service.Extensions.Where(e => e.Key != Extension && NearestName.Find(e.Key, [Extension]) is not null))
            diagnostics.Error(value, $"{service.Name} has no extension '{key}'.", $"Did you mean '{Extension}'?");
        return ManifestSection.Read(service.Extensions.GetValueOrDefault(Extension), Keys, diagnostics, $"'{Extension}'");
    }

    /// <summary>Returns the name of the ECS service, even if the manifest states its ARN.</summary>
    public string NameOf(AppName app, ServiceName service) =>
        Service is { } stated ? stated[(stated.LastIndexOf('/') + 1)..] : $"{app}-{service}";
}
