using System.Text.RegularExpressions;

namespace Releases.Aws;

/// <summary>
/// Checks what of <c>convox.yml</c> a template can't express: fails on what makes no sense at all, and warns about the rest.
/// </summary>
internal static partial class TemplateChecks
{
    private static readonly string[] OfTraffic = ["domain", "drain", "health", "internal", "sticky"];

    /// <summary>Fails with every domain that load balancers don't accept, or that only one of its services would get.</summary>
    public static void Require(IReadOnlyList<TemplateService> services)
    {
        var wrong = services.SelectMany(s => s.Manifest.Domains.Where(d => !d.Contains("${", StringComparison.Ordinal)
            && !Host().IsMatch(d)).Select(d => new Problem(
            ProblemCode.Manifest, $"the domain '{d}' of {s.Manifest.Name} isn't a host name.",
            "Write a name such as shop.example.org, or *.example.org.")));
        // ECS moves the weights of a single rule.
        wrong = wrong.Concat(services.Where(s => s.IsShifted && s.Manifest.Domains.Count > TrafficResources.MaxValues)
            .Select(s => new Problem(
            ProblemCode.Manifest,
            $"{s.Manifest.Name} has {s.Manifest.Domains.Count} domains, and ECS moves the traffic of one rule, which takes "
                + $"{TrafficResources.MaxValues}.",
            "Use fewer domains, *.example.org, or the strategy rolling.")));
        wrong = wrong.Concat(Shared(services));
        if (wrong.ToList() is { Count: > 0 } problems) throw new ProblemException(problems);
    }

    /// <summary>
    /// The rule of the first of these services takes every request. Internal services have a listener of their own, so a name may lead to
    /// one service from the internet and to another one inside.
    /// </summary>
    private static IEnumerable<Problem> Shared(IReadOnlyList<TemplateService> services) =>
        services.Where(s => s.Manifest.Port is not null)
            .SelectMany(s => s.Manifest.Domains.Distinct(StringComparer.OrdinalIgnoreCase).Select(
                d => (Domain: d, s.Manifest.Internal, s.Manifest.Name)))
            .GroupBy(s => (s.Domain.ToLowerInvariant(), s.Internal)).Where(g => g.Count() > 1)
            .Select(g => new Problem(
                ProblemCode.Manifest,
                $"{string.Join(" and ", g.Select(s => s.Name))} have the same domain {g.First().Domain}, and only {g.First().Name} would "
                    + "get its requests.",
                "Give each a domain of its own, or none: then its path is its name."));

    public static IEnumerable<string> Warnings(IReadOnlyList<TemplateService> services) => services.SelectMany(s => Of(s.Manifest));

    private static IEnumerable<string> Of(Service service)
    {
        var (name, health) = (service.Name, service.Health);
        bool States(string key) => service.Stated.Contains(key);
        if (service.Extensions.GetValueOrDefault("x-aws") is YamlMap map && map.Entries.Any(e => e.Key.Text == "base"))
            yield return $"x-aws.base of {name} isn't used: its releases are based on the newest revision of the template's own family.";
        if (service.TerminationGrace.TotalSeconds > FargateSizes.MaxStopSeconds)
            yield return $"termination.grace of {name} is longer than {FargateSizes.MaxStopSeconds} seconds, "
                + "the limit of Fargate: a promotion refuses it.";
        foreach (var warning in OfStrategy(service)) yield return warning;
        if (service.Scale is { IsRange: false, Targets: not null })
            yield return $"scale.targets of {name} have no effect: scale.count isn't a range, such as 1-10.";
        if (service.Port is null)
        {
            var unused = OfTraffic.Where(States).ToList();
            if (unused.Count > 0)
                yield return $"{string.Join(", ", unused)} of {name} {(unused.Count == 1 ? "has" : "have")} no effect without a port.";
            if (service.Scale is { IsRange: true, Targets.Requests: not null })
                yield return $"scale.targets.requests of {name} has no effect without a port.";
            yield break;
        }

        if (service.Scheme is "https" or "grpcs")
            yield return $"the load balancer reaches {name} without TLS, also with {service.Scheme}.";
        if (service.Scheme is "grpc" or "grpcs")
            yield return $"{name} speaks gRPC, which needs a listener with HTTPS.";
        if (States("health.host")) yield return $"health.host of {name} has no effect: a load balancer checks without a host name.";
        if (TemplateHealth.Interval(health) != (int)health.Interval.TotalSeconds)
            yield return $"health.interval of {name} becomes {TemplateHealth.Interval(health)}: a load balancer takes "
                + $"{TemplateHealth.MinInterval} to {TemplateHealth.MaxInterval} seconds.";
        if (TemplateHealth.Timeout(health) != (int)health.Timeout.TotalSeconds && States("health.timeout"))
            yield return $"health.timeout of {name} becomes {TemplateHealth.Timeout(health)}: a load balancer takes "
                + $"{TemplateHealth.MinTimeout} to {TemplateHealth.MaxTimeout} seconds, less than the interval.";
        if (service.Drain.TotalSeconds > TemplateHealth.MaxDrain)
            yield return $"drain of {name} becomes {TemplateHealth.MaxDrain} seconds, the most that a load balancer takes.";
    }

    private static IEnumerable<string> OfStrategy(Service service)
    {
        var (name, deployment) = (service.Name, service.Deployment);
        if (deployment.Strategy == DeploymentStrategy.Rolling)
        {
            if (service is { Verify: not null, Port: not null })
                yield return $"verify of {name} needs the strategy blue-green, linear or canary: a rolling update has no new task "
                    + "before the traffic moves, so a promotion refuses it.";
            yield break;
        }

        if (service.Port is null)
        {
            yield return $"deployment.strategy of {name} has no effect without a port: ECS replaces its tasks by a rolling update.";
            yield break;
        }

        if (service.Stated.Contains("deployment.judge"))
            yield return $"deployment.judge of {name} has no effect on AWS: there, the CloudWatch alarms of the service judge.";
        foreach (var (key, time) in new[] { ("interval", deployment.Interval), ("bake", deployment.Bake) })
            if (time.TotalMinutes % 1 != 0)
                yield return $"deployment.{key} of {name} becomes {StrategyResources.Minutes(time)} min: ECS takes whole minutes.";
        if (deployment.Strategy == DeploymentStrategy.Linear && deployment.Percent < StrategyResources.MinLinearPercent)
            yield return $"deployment.percent of {name} becomes {StrategyResources.MinLinearPercent}, the smallest step of ECS.";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9*?_][A-Za-z0-9.*?_-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
