namespace Releases.Aws;

/// <summary>Writes the parameters of a template: few, each with a description.</summary>
internal static class TemplateParameters
{
    public const string Listener = "Listener";
    public const string InternalListener = "InternalListener";
    public const string BalancerSecurityGroup = "BalancerSecurityGroup";
    public const string InternalBalancerSecurityGroup = "InternalBalancerSecurityGroup";

    /// <summary>The first digits of an app's priorities are derived from its name, so that apps seldom collide on one listener.</summary>
    private const int FirstPriority = 100;
    private const int Priorities = 300;

    public static string Write(AppName app, IReadOnlyList<TemplateService> services, string? cluster)
    {
        var text = new TemplateText().Add($$"""
            Cluster:
              Type: String{{(cluster is null ? "" : $"\n  Default: {TemplateText.Quoted(cluster)}")}}
              AllowedPattern: "[A-Za-z0-9_-]{1,100}"
              Description: The ECS cluster's name, as in aws://<region>/<cluster>.
            Vpc:
              Type: AWS::EC2::VPC::Id
              Description: The network of the tasks and of the load balancer.
            Subnets:
              Type: List<AWS::EC2::Subnet::Id>
              Description: Where the tasks run; two or more, in different zones.
            PublicIp:
              Type: String
              Default: ENABLED
              AllowedValues: [ENABLED, DISABLED]
              Description: ENABLED in public subnets, where a task needs an address to pull its image; DISABLED in private ones with a NAT.
            Processor:
              Type: String
              Default: X86_64
              AllowedValues: [X86_64, ARM64]
              Description: What the images are built for (linux-x64, linux-arm64).
            """, 2);
        Balanced(text, services.Where(s => s is { IsBalanced: true, Manifest.Internal: false }), Listener,
            BalancerSecurityGroup, "the load balancer");
        Balanced(text, services.Where(s => s is { IsBalanced: true, Manifest.Internal: true }), InternalListener,
            InternalBalancerSecurityGroup, "the internal load balancer");
        if (services.Any(s => s.IsBalanced))
            text.Add($$"""
                Priority:
                  Type: String
                  Default: "{{FirstPriority + (Hash(app.ToString()) % Priorities)}}"
                  AllowedPattern: "[1-3][0-9][0-9]"
                  Description: The first digits of the priorities of this app's rules. Each app on a listener has others.
                """, 2);
        foreach (var service in services) Resolved(text, service);
        return text.ToString();
    }

    /// <summary>Returns a host name, or a reference to the parameter that replaces its variables.</summary>
    public static string Domain(TemplateService service, int index)
    {
        var text = service.Manifest.Domains[index];
        return Refers(text) ? $"!Ref {DomainId(service, index)}" : TemplateText.Quoted(text);
    }

    /// <summary>Returns the path of the health check, or null if none is stated.</summary>
    public static string? HealthPath(TemplateService service) => service.Manifest.Health.Path is not { } path ? null
        : Refers(path) ? $"!Ref {service.Id}HealthPath" : TemplateText.Quoted(path);

    private static void Balanced(TemplateText text, IEnumerable<TemplateService> services, string listener, string security, string which)
    {
        var names = services.Select(s => s.Manifest.Name.ToString()).ToList();
        if (names.Count == 0) return;
        text.Add($$"""
            {{listener}}:
              Type: String
              AllowedPattern: "arn:[^:]+:elasticloadbalancing:.+:listener/app/.+"
              Description: The ARN of a listener of {{which}}, for {{string.Join(", ", names)}}.
            {{security}}:
              Type: AWS::EC2::SecurityGroup::Id
              Description: The security group of {{which}}, which alone may reach the tasks.
            """, 2);
    }

    private static void Resolved(TemplateText text, TemplateService service)
    {
        if (!service.IsBalanced) return;
        for (var index = 0; index < service.Manifest.Domains.Count; index++)
            if (Refers(service.Manifest.Domains[index]))
                text.Add(Stated(DomainId(service, index), $"domain of {service.Manifest.Name}", service.Manifest.Domains[index]), 2);
        if (service.Manifest.Health.Path is { } path && Refers(path))
            text.Add(Stated($"{service.Id}HealthPath", $"health of {service.Manifest.Name}", path), 2);
    }

    private static string Stated(string id, string what, string written) => $$"""
        {{id}}:
          Type: String
          Description: {{TemplateText.Quoted($"The {what}, which convox.yml has as {written}.")}}
        """;

    private static string DomainId(TemplateService service, int index) => $"{service.Id}Domain{(index == 0 ? "" : $"{index + 1}")}";

    private static bool Refers(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Gives the same hash on every machine and in every version.</summary>
    private static int Hash(string text) => text.Aggregate(0, (hash, c) => ((hash * 31) + c) % 1_000_003);
}
