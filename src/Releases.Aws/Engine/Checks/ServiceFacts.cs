using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Represents what is known about one ECS service before anything is changed.</summary>
internal sealed record ServiceFacts
{
    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The service of the manifest, resolved.</summary>
    public required Service Manifest { get; init; }

    /// <summary>The name of the ECS service.</summary>
    public required string Name { get; init; }

    /// <summary>The ECS service as returned by DescribeServices, with its tags, or null if it doesn't exist.</summary>
    public EcsService? Service { get; init; }

    /// <summary>Whether <c>x-aws.service</c> names it, so that it needs no tag with its app.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The base task definition.</summary>
    public JsonObject? TaskDefinition { get; init; }

    /// <summary>Whether the release has variables that ECS reads from Secrets Manager.</summary>
    public bool HasSecrets { get; init; }

    /// <summary>The platforms of the image, such as <c>linux/amd64</c>; empty if unknown.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Whether a deployment that is in flight is superseded.</summary>
    public bool Supersedes { get; init; }

    /// <summary>Whether the last completed deployment of the service is known, so that a rollback can restore it.</summary>
    public bool HasWayBack { get; init; }

    /// <summary>The desired number of tasks.</summary>
    public int Count { get; init; } = 1;
}
