using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>What is known of one ECS service before anything is touched.</summary>
internal sealed record ServiceFacts
{
    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The manifest's service, resolved.</summary>
    public required Service Manifest { get; init; }

    /// <summary>The ECS service's name.</summary>
    public required string Name { get; init; }

    /// <summary>The ECS service as DescribeServices gives it with its tags; null: there is none.</summary>
    public EcsService? Service { get; init; }

    /// <summary>Whether <c>x-aws.service</c> names it, so that it need not say by itself whose it is.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The base of the task definition.</summary>
    public JsonObject? TaskDefinition { get; init; }

    /// <summary>Whether the release has variables that ECS reads from Secrets Manager.</summary>
    public bool HasSecrets { get; init; }

    /// <summary>The platforms of the image, as <c>linux/amd64</c>; empty: not known.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Whether a deployment that is in flight is superseded.</summary>
    public bool Supersedes { get; init; }

    /// <summary>Whether it is known what that deployment's service last completed.</summary>
    public bool HasWayBack { get; init; }

    /// <summary>How many processes are wanted.</summary>
    public int Count { get; init; } = 1;
}
