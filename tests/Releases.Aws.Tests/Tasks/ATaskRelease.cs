using System.Text.Json.Nodes;
using Releases.Testing;

namespace Releases.Aws.Tests.Tasks;

/// <summary>A base as ECS describes one, and releases for it.</summary>
internal static class ATaskRelease
{
    public static JsonObject Base() => (JsonObject)JsonNode.Parse(
        """
        {
          "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/bootstrap:7",
          "family": "bootstrap", "revision": 7, "status": "ACTIVE", "registeredAt": 1763900000.5, "registeredBy": "arn:aws:iam::111122223333:user/terraform",
          "requiresAttributes": [{"name": "ecs.capability.execution-role-ecr-pull"}], "compatibilities": ["EC2", "FARGATE"],
          "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
          "executionRoleArn": "arn:aws:iam::111122223333:role/execution", "taskRoleArn": "arn:aws:iam::111122223333:role/task",
          "volumes": [], "placementConstraints": [], "laterTaskMember": {"a": [1]},
          "containerDefinitions": [
            {
              "name": "web", "image": "bootstrap:latest", "essential": true, "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
              "environment": [{"name": "FROM_BASE", "value": "1"}, {"name": "GREETING", "value": "base"}, {"name": "RELEASE", "value": "none"}],
              "secrets": [{"name": "BASE_SECRET", "valueFrom": "arn:base"}, {"name": "LOG_LEVEL", "valueFrom": "arn:level"}],
              "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}, "laterLogMember": true}, "laterMember": {"b": [2]}
            },
            {"name": "envoy", "image": "envoy:1", "essential": false, "environment": [{"name": "GREETING", "value": "sidecar"}]}
          ]
        }
        """)!;

    public static JsonArray Tags() => [new JsonObject { ["key"] = "team", ["value"] = "shop" }];

    public static TaskRelease Release(
        IReadOnlyDictionary<string, string>? secrets =
            null, IReadOnlyDictionary<string, string>? variables = null, Service? service = null) => new()
            {
                Cluster = "production",
                App = A.App,
                Release = ReleaseId.New(),
                Promotion = PromotionId.New(),
                Service = service ?? new() { Name = A.Web, Port = 8080 },
                Container = "web",
                Image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/convox/hello-web@sha256:" + new string('a', 64),
                Build = BuildId.New(),
                Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584",
                Variables = variables ?? new Dictionary<string, string>(),
                Secrets = secrets ?? new Dictionary<string, string>(),
            };

    public static JsonObject Container(JsonObject definition, string name = "web") =>
        TaskDefinition.Containers(definition).Single(c => TaskDefinition.NameOf(c) == name);

    /// <summary><c>NAME=value</c> of a container's list.</summary>
    public static IEnumerable<string> Entries(JsonObject container, string list) =>
        (container[list] as JsonArray ?? []).Select(e => $"{e!["name"]}={e["value"] ?? e["valueFrom"]}");
}
