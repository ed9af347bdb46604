using System.Globalization;

namespace Releases.Aws;

/// <summary>Writes the policies for whoever publishes and promotes: exactly what the tool calls, on this app where AWS can tell.</summary>
internal static class ReleaserPolicies
{
    /// <summary>IAM's limit of a managed policy, without white space.</summary>
    private const int MaxLength = 6_144;

    /// <summary>The longest values of what only AWS knows.</summary>
    private static readonly (string Name, string Longest)[] Known =
        [("${AWS::Partition}", "aws-us-gov"), ("${AWS::Region}", "ap-southeast-2"), ("${AWS::AccountId}", "111122223333")];

    /// <summary>A cluster may be given another name than the template's default, which is then at most this long.</summary>
    private const int ClusterLength = 40;

    /// <summary>The quotes, brackets and commas that a line of YAML takes as JSON, at most.</summary>
    private const int MaxPunctuation = 6;

    public static IEnumerable<string> Of(AppName app, IReadOnlyList<TemplateService> services, string? cluster) =>
        Split(app, services, cluster).Select((some, i) => Policy(app, some, i));

    public static IEnumerable<string> Ids(AppName app, IReadOnlyList<TemplateService> services, string? cluster) =>
        Split(app, services, cluster).Select((_, i) => Id(i));

    private static List<List<TemplateService>> Split(AppName app, IReadOnlyList<TemplateService> services, string? cluster)
    {
        var policies = new List<List<TemplateService>>();
        foreach (var service in services)
        {
            if (policies.Count == 0 || Length(app, [.. policies[^1], service], policies.Count - 1, cluster) > MaxLength) policies.Add([]);
            policies[^1].Add(service);
        }

        return policies;
    }

    /// <summary>Returns the most that a policy can take.</summary>
    private static int Length(AppName app, IReadOnlyList<TemplateService> services, int index, string? cluster)
    {
        var text = $"{(index == 0 ? OfTheApp(app) : "")}\n{OfServices(services)}";
        foreach (var (name, longest) in Known) text = text.Replace(name, longest, StringComparison.Ordinal);
        var named = new string('c', Math.Max(cluster?.Length ?? 0, ClusterLength));
        text = text.Replace("${Cluster}", named, StringComparison.Ordinal);
        foreach (var service in services)
        {
            var (repository, name) = (AwsNames.Repository(app, service.Manifest.Name), service.EcsName);
            text = text.Replace($"!GetAtt {service.Id}Repository.Arn", Longest("ecr", $"repository/{repository}"), StringComparison.Ordinal)
                .Replace($"!Ref {service.ServiceId}\n", Longest("ecs", $"service/{named}/{name}") + "\n", StringComparison.Ordinal);
        }

        return text.Split('\n').Select(l => l.Trim()).Where(l => !l.StartsWith('#'))
            .Sum(l => l.Count(c => c != ' ') + MaxPunctuation) + "{\"Version\":\"2012-10-17\",\"Statement\":[]}".Length;

        static string Longest(string service, string resource) =>
            $"arn:{Known[0].Longest}:{service}:{Known[1].Longest}:{Known[2].Longest}:{resource}";
    }

    private static string Id(int index) => $"ReleaserPolicy{(index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture))}";

    private static string Policy(AppName app, IReadOnlyList<TemplateService> services, int index) => new TemplateText().Add($$"""
        # Attach this policy to whoever publishes and promotes. It names each service, as a pattern such as {{app}}-* would match another app too.
        {{Id(index)}}:
          Type: AWS::IAM::ManagedPolicy
          Properties:
            Description: !Sub Publishes and promotes releases of {{app}} in the Convox rack ${Cluster}.
            PolicyDocument:
              Version: "2012-10-17"
              Statement:
        """).Add(index == 0 ? OfTheApp(app) : "", 8).Add(OfServices(services), 8)
        .ToString().Replace("\n\n", "\n", StringComparison.Ordinal).TrimEnd();

    private static string OfTheApp(AppName app) => $$"""
        - Effect: Allow
          Action: ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", "dynamodb:BatchWriteItem"]
          Resource: !Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/convox-${Cluster}"
        # The rack's key is known by its alias.
        - Effect: Allow
          Action: "kms:DescribeKey"
          Resource: !Sub "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": !Sub "alias/convox-${Cluster}" } }
        # It opens what was sealed for this app, not the environments of other apps.
        - Effect: Allow
          Action: ["kms:GenerateDataKey", "kms:Decrypt"]
          Resource: !Sub "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": !Sub "alias/convox-${Cluster}" }, StringEquals: { "{{KmsVault.AppCondition}}": {{app}} } }
        # Secrets Manager appends six characters to the name; before the secret exists, only its name is requested.
        - Effect: Allow
          Action: ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage", "secretsmanager:ListSecretVersionIds", "secretsmanager:RestoreSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource"]
          Resource:
            - !Sub "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:convox/${Cluster}/{{app}}"
            - !Sub "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:convox/${Cluster}/{{app}}-??????"
        # These know no resources.
        - Effect: Allow
          Action: ["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "application-autoscaling:DescribeScalableTargets"]
          Resource: "*"
        - Effect: Allow
          Action: "ecs:TagResource"
          Resource: !Sub "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/*"
          Condition: { StringEquals: { "ecs:CreateAction": RegisterTaskDefinition } }
        - Effect: Allow
          Action: ["ecs:DescribeServices", "ecs:DescribeServiceDeployments", "ecs:ListServiceDeployments", "ecs:DescribeServiceRevisions", "ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment", "ecs:ListTasks", "ecs:DescribeTasks", "ecs:StopTask"]
          Resource: "*"
          Condition: { ArnEquals: { "ecs:cluster": !Sub "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${Cluster}" } }
        - Effect: Allow
          Action: "iam:PassRole"
          Resource: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/convox/${Cluster}/{{app}}/*"
          Condition: { StringEquals: { "iam:PassedToService": ecs-tasks.amazonaws.com } }
        - Effect: Allow
          Action: ["logs:GetLogEvents", "logs:FilterLogEvents"]
          Resource: !Sub "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/convox/${Cluster}/{{app}}/*"
        """;

    private static string OfServices(IReadOnlyList<TemplateService> services)
    {
        var own = services.Where(s => s.Manifest.Image is null).ToList();
        var images = own.Count == 0 ? "" : $$"""
            - Effect: Allow
              Action: ["ecr:CreateRepository", "ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:BatchDeleteImage", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"]
              Resource:{{Lines(own.Select(s => $"!GetAtt {s.Id}Repository.Arn"))}}
            """;
        var read = services.Select(s => s.Manifest.Image).OfType<string>().Select(EcrRepository.ReadFor).OfType<EcrRepository>().Distinct()
            .ToList();
        var others = read.Count == 0 ? "" : $$"""

            # A tag of an image that convox.yml names is looked up when a release is made.
            - Effect: Allow
              Action: "ecr:BatchGetImage"
              Resource:{{Lines(read.Select(r => $"!Sub \"{r.Arn("${AWS::Partition}")}\""))}}
            """;
        // The action doesn't support resources.
        var verified = services.Any(s => s is { IsShifted: true, Manifest.Verify: not null }) ? """

            # Whether the task that a verify command tries is healthy.
            - Effect: Allow
              Action: "elasticloadbalancing:DescribeTargetHealth"
              Resource: "*"
            """ : "";
        return images + others + verified + $$"""

            - Effect: Allow
              Action: "ecs:UpdateService"
              Resource:{{Lines(services.Select(s => $"!Ref {s.ServiceId}"))}}
            # Release commands, and dotnet convox run.
            - Effect: Allow
              Action: "ecs:RunTask"
              Resource:{{Lines(services.Select(s => $"!Sub \"arn:${{AWS::Partition}}:ecs:${{AWS::Region}}:${{AWS::AccountId}}:task-definition/{s.CommandFamily}:*\""))}}
              Condition: { ArnEquals: { "ecs:cluster": !Sub "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${Cluster}" } }
            """;
    }

    private static string Lines(IEnumerable<string> values) => string.Concat(values.Select(v => $"\n    - {v}"));
}
