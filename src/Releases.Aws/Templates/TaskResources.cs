namespace Releases.Aws;

/// <summary>Writes the resources of a service's tasks: images, logs, roles and task definitions.</summary>
internal static class TaskResources
{
    /// <summary>
    /// The image until the first release. A registered bootstrap is the newest revision of its family, so changing it would replace the
    /// release of every stack that is updated: never change it, except together with the resource's name.
    /// </summary>
    private const string BootstrapImage = "public.ecr.aws/docker/library/nginx:stable-alpine";

    private const int PortOfNobody = 8080;

    public static IEnumerable<string> Of(TemplateService service)
    {
        if (service.Manifest.Image is null) yield return Repository(service);
        yield return Logs(service);
        yield return ExecutionRole(service);
        yield return TaskRole(service);
        yield return Base(service);
        yield return Bootstrap(service);
    }

    private static string Repository(TemplateService service) => $$"""
        # The images of {{service.Manifest.Name}}. They are its releases, so nothing here deletes them.
        {{service.Id}}Repository:
          Type: AWS::ECR::Repository
          DeletionPolicy: RetainExceptOnCreate
          UpdateReplacePolicy: Retain
          Properties:
            RepositoryName: {{AwsNames.Repository(service.App, service.Manifest.Name)}}
            ImageTagMutability: IMMUTABLE
            ImageScanningConfiguration: { ScanOnPush: true }
        """;

    private static string Logs(TemplateService service) => $$"""
        {{service.Id}}Logs:
          Type: AWS::Logs::LogGroup
          DeletionPolicy: RetainExceptOnCreate
          UpdateReplacePolicy: Retain
          Properties: { LogGroupName: !Sub "/convox/${Cluster}/{{service.App}}/{{service.Manifest.Name}}", RetentionInDays: 30 }
        """;

    private static string ExecutionRole(TemplateService service) => $$"""
        # What ECS itself may do to start a task: pull the image, write its log, read the environment of its release.
        {{service.Id}}ExecutionRole:
          Type: AWS::IAM::Role
          Properties:
            Path: !Sub /convox/${Cluster}/{{service.App}}/
            AssumeRolePolicyDocument:
              Version: "2012-10-17"
              Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: "sts:AssumeRole" }]
            Policies:
              - PolicyName: start-tasks
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - { Effect: Allow, Action: "ecr:GetAuthorizationToken", Resource: "*" }{{Images(service)}}
                    - Effect: Allow
                      Action: ["logs:CreateLogStream", "logs:PutLogEvents"]
                      Resource: !GetAtt {{service.Id}}Logs.Arn
                    # Secrets Manager appends six characters to a secret's name.
                    - Effect: Allow
                      Action: "secretsmanager:GetSecretValue"
                      Resource: !Sub "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:convox/${Cluster}/{{service.App}}-??????"
        """;

    /// <summary>ECR requires a permission on each repository; other registries don't use roles.</summary>
    private static string Images(TemplateService service)
    {
        const string Ours = "${AWS::Region}:${AWS::AccountId}:repository/";
        if (service.Manifest.Image is not { } image) return Pulling($"!GetAtt {service.Id}Repository.Arn");
        if (image.Contains("${", StringComparison.Ordinal)) return Pulling($"!Sub \"arn:${{AWS::Partition}}:ecr:{Ours}*\"");
        return EcrRepository.Of(image) is { } found ? Pulling($"!Sub \"{found.Arn("${AWS::Partition}")}\"") : "";
    }

    private static string Pulling(string from) => Indented($"""

        - Effect: Allow
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource: {from}
        """, 12);

    private static string TaskRole(TemplateService service) => $$"""
        # What the code of {{service.Manifest.Name}} may do. Nothing yet: add policies for the buckets, queues and tables that it uses.
        {{service.Id}}TaskRole:
          Type: AWS::IAM::Role
          Properties:
            Path: !Sub /convox/${Cluster}/{{service.App}}/
            AssumeRolePolicyDocument:
              Version: "2012-10-17"
              Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: "sts:AssumeRole" }]
        """;

    private static string Base(TemplateService service) => $$"""
        # What each release of {{service.Manifest.Name}} is based on: it adds its image, variables and command. A change here is part of the next promotion.
        {{service.Id}}Base:
          Type: AWS::ECS::TaskDefinition
          Properties:
            Family: !Sub "{{service.BaseFamily}}"
            RequiresCompatibilities: [FARGATE]
            NetworkMode: awsvpc
            Cpu: "{{service.Cpu}}"
            Memory: "{{service.Memory}}"
            RuntimePlatform: { CpuArchitecture: !Ref Processor, OperatingSystemFamily: LINUX }
            ExecutionRoleArn: !GetAtt {{service.Id}}ExecutionRole.Arn
            TaskRoleArn: !GetAtt {{service.Id}}TaskRole.Arn
            ContainerDefinitions:
              - Name: {{TemplateText.Quoted(service.Container)}}
                Image: {{BootstrapImage}}
                Essential: true{{Indented(Ports(service) + StopTimeout(service), 8)}}
                LogConfiguration:
                  LogDriver: awslogs
                  Options: { awslogs-group: !Ref {{service.Id}}Logs, awslogs-region: !Ref "AWS::Region", awslogs-stream-prefix: {{service.Manifest.Name}} }
            # So a release that is promoted next is put on the newest of this family.
            Tags: [{ Key: "{{TaskTags.Base}}", Value: !Sub "{{service.BaseFamily}}" }]
        """;

    private static string Bootstrap(TemplateService service) => $$"""
        # What {{service.Manifest.Name}} runs until its first release: it answers every request. Leave it as it is: a changed one would be the
        # newest of its family, and so replace the release.
        {{service.BootstrapId}}:
          Type: AWS::ECS::TaskDefinition
          Properties:
            Family: !Sub "{{service.Family}}"
            RequiresCompatibilities: [FARGATE]
            NetworkMode: awsvpc
            Cpu: "256"
            Memory: "512"
            ContainerDefinitions:
              - Name: {{TemplateText.Quoted(service.Container)}}
                Image: {{BootstrapImage}}
                Essential: true{{Indented(Ports(service), 8)}}
                EntryPoint: [sh, "-c"]
                Command:
                  - >-
                    echo '{{Server(service)}}'
                    > /etc/nginx/conf.d/default.conf && exec nginx -g 'daemon off;'
            Tags: [{ Key: "{{TaskTags.Base}}", Value: !Sub "{{service.BaseFamily}}" }]
        """;

    /// <summary>Also serves HTTP/2 without TLS; a gRPC health check reads the status of a call.</summary>
    private static string Server(TemplateService service) => service.IsGrpc
        ? $"server {{ listen {service.Manifest.Port}; http2 on; location / {{ default_type application/grpc; "
            + $"add_header grpc-status 0; return 200; }} }}"
        : $"server {{ listen {service.Manifest.Port ?? PortOfNobody}; http2 on; location / {{ default_type text/plain; "
            + $"return 200 \"no release yet\"; }} }}";

    private static string Ports(TemplateService service) =>
        service.Manifest.Port is { } port ? $"\nPortMappings: [{{ ContainerPort: {port} }}]" : "";

    private static string StopTimeout(TemplateService service) => service.Manifest.Stated.Contains("termination.grace")
        ? $"\nStopTimeout: {Math.Min((int)service.Manifest.TerminationGrace.TotalSeconds, FargateSizes.MaxStopSeconds)}" : "";

    private static string Indented(string lines, int by) => lines.Replace("\n", "\n" + new string(' ', by), StringComparison.Ordinal);
}
