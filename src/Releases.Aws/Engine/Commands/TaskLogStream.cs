using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Represents the destination of a container's output.</summary>
/// <param name="Group">The log group in CloudWatch Logs.</param>
/// <param name="Stream">The log stream, or null if the output goes elsewhere.</param>
/// <param name="Elsewhere">A description of where the output goes instead.</param>
internal sealed record TaskLogStream(string? Group, string? Stream, string? Elsewhere)
{
    /// <summary>
    /// Returns the destination. The awslogs driver names a stream <c>&lt;prefix&gt;/&lt;container&gt;/&lt;task id&gt;</c>.
    /// </summary>
    public static TaskLogStream From(JsonObject definition, string taskArn, string container)
    {
        var configuration = TaskDefinition.Containers(definition).FirstOrDefault(
            c => TaskDefinition.NameOf(c) == container)?["logConfiguration"];
        var options = (configuration as JsonObject)?["options"];
        return configuration.Text("logDriver") switch
        {
            "awslogs" when options.Text("awslogs-group") is { } group && options.Text("awslogs-stream-prefix") is { } prefix =>
                new(group, $"{prefix}/{container}/{taskArn[(taskArn.LastIndexOf('/') + 1)..]}", null),
            "awslogs" => new(null, null, $"(its output is in the log group {options.Text("awslogs-group")}, "
                + "in a stream that only awslogs-stream-prefix would name)"),
            { } driver => new(null, null, $"(its output goes to the log driver {driver})"),
            null => new(null, null, "(its output isn't kept: its task definition has no logConfiguration)"),
        };
    }
}
