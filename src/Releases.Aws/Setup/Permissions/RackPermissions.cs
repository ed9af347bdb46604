namespace Releases.Aws;

/// <summary>Lists the permissions that releasing to a rack requires: the table in docs/aws.md, which a test compares with this.</summary>
/// <param name="partition">The AWS partition, such as <c>aws</c>.</param>
/// <param name="account">The account id.</param>
/// <param name="address">The address of the rack.</param>
internal sealed class RackPermissions(string partition, string account, AwsAddress address)
{
    private string Cluster => address.Cluster;

    private (string, string) KeyAlias => ("kms:ResourceAliases", AwsNames.Key(Cluster));

    private string AnyKey => Arn("kms", "key/00000000-0000-0000-0000-000000000000");

    private (string, string) InCluster => ("ecs:cluster", Arn("ecs", $"cluster/{Cluster}"));

    /// <summary>Returns the permissions on what all apps of the rack share.</summary>
    public IEnumerable<PermissionGroup> OfRack() =>
    [
        new($"the table {AwsNames.Table(Cluster)}", [Arn("dynamodb", $"table/{AwsNames.Table(Cluster)}")],
        [
            "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem",
            "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", "dynamodb:BatchWriteItem",
        ]),
        new($"the key {AwsNames.Key(Cluster)}", [AnyKey],
            ["kms:DescribeKey"])
        {
            Context = [KeyAlias],
        },
        new("ECR", ["*"], ["ecr:GetAuthorizationToken"]),
        new("task definitions", ["*"],
        [
            "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition",
        ]),
        new("task definitions", [Arn("ecs", $"task-definition/{Cluster}-check-convox:1")], ["ecs:TagResource"])
        {
            Context = [("ecs:CreateAction", "RegisterTaskDefinition")],
        },
        new("Application Auto Scaling", ["*"], ["application-autoscaling:DescribeScalableTargets"]),
        new($"the cluster {Cluster}", ["*"],
        [
            "ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions",
            "ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment", "ecs:ListTasks", "ecs:DescribeTasks", "ecs:StopTask",
        ])
        {
            Context = [InCluster],
        },
    ];

    /// <summary>Returns the permission to open the environments of one app, which need not exist.</summary>
    public PermissionGroup OfKey(AppName app) => new(
        $"the key {AwsNames.Key(Cluster)}, for {app}", [AnyKey], ["kms:GenerateDataKey", "kms:Decrypt"])
    {
        Context = [KeyAlias, (KmsVault.AppCondition, app.ToString())],
    };

    /// <summary>Returns the permissions that one app needs. Until its secret exists, only the name without a suffix is requested.</summary>
    public IEnumerable<PermissionGroup> OfApp(AppName app) =>
    [
        OfKey(app),
        new($"the secret {AwsNames.Secret(Cluster, app)}, before it exists",
            [Arn("secretsmanager", $"secret:{AwsNames.Secret(Cluster, app)}")],
            ["secretsmanager:DescribeSecret", "secretsmanager:CreateSecret", "secretsmanager:TagResource"]),
        new($"the secret {AwsNames.Secret(Cluster, app)}", [Arn("secretsmanager", $"secret:{AwsNames.Secret(Cluster, app)}-abcdef")],
        [
            "secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage", "secretsmanager:ListSecretVersionIds", "secretsmanager:RestoreSecret",
            "secretsmanager:DeleteSecret", "secretsmanager:TagResource",
        ]),
    ];

    /// <summary>Returns the permissions that one of its services needs.</summary>
    public IEnumerable<PermissionGroup> OfService(AppName app, AppService service)
    {
        if (service.IsBuilt)
            yield return new(
                $"the repository {AwsNames.Repository(app, service.Name)}",
                [Arn("ecr", $"repository/{AwsNames.Repository(app, service.Name)}")],
                [
                    "ecr:DescribeRepositories", "ecr:CreateRepository", "ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload",
                    "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
                    "ecr:DescribeImages", "ecr:BatchDeleteImage",
                ]);
        if (service.Image is { } image)
            yield return new(
                $"the repository {image.Name}, for the image of {service.Name}", [image.Arn(partition)], ["ecr:BatchGetImage"]);
        yield return new($"the service {service.EcsName}", [Arn("ecs", $"service/{Cluster}/{service.EcsName}")], ["ecs:UpdateService"])
        { Context = [InCluster] };
        yield return new(
            $"commands of {service.Name}", [Arn("ecs", $"task-definition/{TaskFamily.ForCommands(Cluster, app, service.Name)}:1")],
            ["ecs:RunTask"])
        {
            Context = [InCluster],
        };
        foreach (var role in service.Roles)
            yield return new($"the role {role[(role.LastIndexOf('/') + 1)..]}", [role], ["iam:PassRole"])
            { Context = [("iam:PassedToService", "ecs-tasks.amazonaws.com")] };
        if (service.LoadBalancing.Count > 0)
            yield return new($"verify of {service.Name}", ["*"], [.. service.LoadBalancing.Select(a => $"elasticloadbalancing:{a}")]);
        foreach (var group in service.LogGroups)
            yield return new($"the log group {group}", [Arn("logs", $"log-group:{group}:*")],
                ["logs:GetLogEvents", "logs:FilterLogEvents"]);
    }

    /// <summary>Returns the permissions that hooks on event buses need. A bus of another account is named by its ARN.</summary>
    public IEnumerable<PermissionGroup> OfBuses(IReadOnlyList<string> buses) => buses.Select(bus => new PermissionGroup(
        $"the event bus {bus}", [bus.StartsWith("arn:", StringComparison.Ordinal) ? bus : Arn("events", $"event-bus/{bus}")],
        ["events:PutEvents"]));

    /// <summary>Returns the permission with which ECS reads the app's environment as it starts a task.</summary>
    public PermissionGroup OfExecutionRole(AppName app, string role) => new(
        $"the secret {AwsNames.Secret(Cluster, app)}, for the role {role[(role.LastIndexOf('/') + 1)..]}",
        [Arn("secretsmanager", $"secret:{AwsNames.Secret(Cluster, app)}-abcdef")], ["secretsmanager:GetSecretValue"]);

    private string Arn(string service, string resource) => $"arn:{partition}:{service}:{address.Region}:{account}:{resource}";
}

/// <summary>Represents what permissions depend on in a service of an app.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EcsName">The name of the ECS service.</param>
/// <param name="IsBuilt">Whether its image is pushed by a publish.</param>
internal sealed record AppService(ServiceName Name, string EcsName, bool IsBuilt)
{
    /// <summary>The repository that a release reads for the image that <c>convox.yml</c> names, or null if it reads none.</summary>
    public EcrRepository? Image { get; init; }

    /// <summary>The roles of its tasks.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The role with which ECS starts its tasks, or null if it has none.</summary>
    public string? ExecutionRole { get; init; }

    /// <summary>Whether it may have variables that ECS reads from Secrets Manager.</summary>
    public bool ReadsSecrets { get; init; }

    /// <summary>The log groups of its tasks.</summary>
    public IReadOnlyList<string> LogGroups { get; init; } = [];

    /// <summary>The actions of Elastic Load Balancing that its <c>verify</c> command needs.</summary>
    public IReadOnlyList<string> LoadBalancing { get; init; } = [];
}
