using System.Globalization;

namespace Releases.Aws;

/// <summary>
/// Writes the CloudFormation template of an app's services: what ECS needs for each before a release can be promoted to it.
/// </summary>
internal static class AppTemplateWriter
{
    /// <summary>CloudFormation requires a larger template to be in a bucket.</summary>
    private const int MaxInlineBytes = 51_200;

    public static AppTemplate Write(AppName app, Manifest manifest, string? cluster)
    {
        var services = TemplateService.All(app, manifest);
        TemplateChecks.Require(services);
        var text = new TemplateText().Add($$"""
            # The services of {{app}} on ECS, made from convox.yml. Printed by: dotnet convox apps template
            # When convox.yml changes, print it again and deploy it again. It never moves a release: promote does.
            AWSTemplateFormatVersion: "2010-09-09"
            Description: The services of {{app}} on ECS, for releases of a Convox rack.

            Parameters:
            """);
        text.Add(TemplateParameters.Write(app, services, cluster).TrimEnd()).Gap().Add("Resources:");
        text.Add(Security(app, services), 2);
        foreach (var port in Verified(services)) text.Gap().Add(Reachable(port), 2);
        var rules = 0;
        foreach (var service in services)
        {
            foreach (var resource in TaskResources.Of(service).Concat(TrafficResources.Of(service, ref rules))
                .Concat(ServiceResources.Of(service)))
                text.Gap().Add(resource, 2);
        }

        foreach (var policy in ReleaserPolicies.Of(app, services, cluster)) text.Gap().Add(policy, 2);
        text.Gap().Add("""
            Outputs:
              Address:
                Description: The rack's address, for CONVOX_RACK or --rack.
                Value: !Sub aws://${AWS::Region}/${Cluster}
            """);
        foreach (var id in ReleaserPolicies.Ids(app, services, cluster))
            text.Add($$"""
                {{id}}:
                  Description: For whoever publishes and promotes {{app}}.
                  Value: !Ref {{id}}
                """, 2);
        var written = text.ToString();
        var warnings = TemplateChecks.Warnings(services).ToList();
        if (written.Length > MaxInlineBytes)
            warnings.Add($"The template is larger than {MaxInlineBytes} bytes, so 'aws cloudformation deploy' needs --s3-bucket.");
        return new(written, warnings);
    }

    /// <summary>Returns the ports at which a <c>verify</c> command reaches new tasks.</summary>
    private static IEnumerable<int> Verified(IReadOnlyList<TemplateService> services) =>
        services.Where(s => s is { IsShifted: true, Manifest.Verify: not null }).Select(s => s.Manifest.Port!.Value).Distinct();

    private static string Reachable(int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        # A verify command is a task of its own, and tries a new task before the load balancer does.
        TaskSecurityVerify{{port}}:
          Type: AWS::EC2::SecurityGroupIngress
          Properties:
            GroupId: !Ref TaskSecurityGroup
            SourceSecurityGroupId: !Ref TaskSecurityGroup
            IpProtocol: tcp
            FromPort: {{port}}
            ToPort: {{port}}
        """);

    private static string Security(AppName app, IReadOnlyList<TemplateService> services)
    {
        var ingress = services.Where(s => s.IsBalanced)
            .Select(s => (s.Manifest.Port,
                From: s.Manifest.Internal ? TemplateParameters.InternalBalancerSecurityGroup : TemplateParameters.BalancerSecurityGroup))
            .Distinct().Select(r =>
                $"\n      - {{ IpProtocol: tcp, FromPort: {r.Port}, ToPort: {r.Port}, SourceSecurityGroupId: !Ref {r.From} }}").ToList();
        return $$"""
            TaskSecurityGroup:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: The tasks of {{app}}.
                VpcId: !Ref Vpc{{(ingress.Count == 0 ? "" : $"\n    SecurityGroupIngress:{string.Concat(ingress)}")}}
            """;
    }
}
