using System.Globalization;

namespace Releases.Aws;

/// <summary>Represents one service of <c>convox.yml</c> in its template.</summary>
internal sealed record TemplateService
{
    /// <summary>The CPU units if nothing is stated: those of Fargate's smallest task.</summary>
    private const int SmallestCpu = 256;

    private const string MainName = "web";

    public required Service Manifest { get; init; }

    /// <summary>The prefix of its resources' names in the template.</summary>
    public required string Id { get; init; }

    public required AppName App { get; init; }

    /// <summary>The name of the ECS service.</summary>
    public required string EcsName { get; init; }

    /// <summary>The name of the container in its task definitions.</summary>
    public required string Container { get; init; }

    /// <summary>
    /// What the load balancer is tied to. As part of the resources' names, it makes CloudFormation refuse another port. Otherwise,
    /// CloudFormation would replace the release, whose task definition doesn't have that port, with the bootstrap.
    /// </summary>
    public string Tied => (Manifest.Port is { } port ? $"Port{port.ToString(CultureInfo.InvariantCulture)}" : "")
        + (Container == Manifest.Name.ToString() ? "" : TemplateNames.Pascal(Container));

    public string ServiceId => $"{Id}Service{Tied}";

    public string BootstrapId => $"{Id}Bootstrap{Tied}";

    public bool IsBalanced => Manifest.Port is not null;

    /// <summary>Whether ECS moves its traffic between two target groups; without a port, there is no traffic to move.</summary>
    public bool IsShifted => IsBalanced && Manifest.Deployment.Strategy != DeploymentStrategy.Rolling;

    public bool IsGrpc => Manifest.Scheme is "grpc" or "grpcs";

    /// <summary>Whether it gets the requests that match no other rule.</summary>
    public bool IsMain { get; init; }

    /// <summary>The family in which promotions register its task definitions.</summary>
    public string Family => TaskFamily.ForService("${Cluster}", App, Manifest.Name);

    /// <summary>The family of its commands.</summary>
    public string CommandFamily => TaskFamily.ForCommands("${Cluster}", App, Manifest.Name);

    /// <summary>The family of its base.</summary>
    public string BaseFamily => "${Cluster}-" + $"{App}-{Manifest.Name}";

    public int Cpu => Size().Cpu;

    public int Memory => Size().Memory;

    /// <summary>Returns the services in the order of the file. Fails if the x-aws settings can't be used in a template.</summary>
    public static IReadOnlyList<TemplateService> All(AppName app, Manifest manifest)
    {
        var names = new TemplateNames();
        var balanced = manifest.Services.Where(s => s is { Port: not null, Internal: false, Domains: [] }).ToList();
        var main = balanced.FirstOrDefault(s => s.Name.ToString() == MainName) ?? balanced.FirstOrDefault();
        return [.. manifest.Services.Select(s => From(app, s, names, s == main))];
    }

    private static TemplateService From(AppName app, Service service, TemplateNames names, bool isMain)
    {
        foreach (var (key, value) in service.Extensions.GetValueOrDefault("x-aws") is YamlMap map ? map.Entries : [])
            if (value is YamlScalar { Text: var text } && text.Contains("${", StringComparison.Ordinal))
                throw new Problem(
                    ProblemCode.Manifest,
                    $"x-aws.{key.Text} of {service.Name} is '{text}', which only a promotion resolves, and a template needs the name.",
                    "Write the name out.").ToException();
        var settings = AwsSettings.From(service);
        return new()
        {
            Manifest = service,
            Id = names.Of(service.Name),
            App = app,
            EcsName = settings.NameOf(app, service.Name),
            Container = settings.Container ?? service.Name.ToString(),
            IsMain = isMain,
        };
    }

    private static string Refusal(ServiceScale scale) => scale.Cpu is null
        ? $"would get {scale.Memory} MiB of memory, and Fargate has none of that size"
        : FargateSizes.Refusal($"{scale.Cpu}", $"{scale.Memory ?? 0}")!;

    /// <summary>
    /// Returns the stated size, with the smallest value that Fargate has for what isn't stated. Fails as a promotion would.
    /// </summary>
    private (int Cpu, int Memory) Size()
    {
        var scale = Manifest.Scale;
        var size = FargateSizes.Smallest(scale.Cpu ?? (scale.Memory is null ? SmallestCpu : null), scale.Memory);
        return size ?? throw new Problem(AwsProblemCode.Refused, $"{Manifest.Name} {Refusal(scale)}.",
            "Set scale.cpu and scale.memory to a size of Fargate.").ToException();
    }
}
