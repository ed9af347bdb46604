namespace Releases.Aws;

/// <summary>Represents what one service of a release sets in a task definition.</summary>
internal sealed record TaskRelease
{
    /// <summary>The name of the ECS cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>The promotion that registers it, or null if a one-off process does.</summary>
    public PromotionId? Promotion { get; init; }

    /// <summary>The id of the one-off process that registers it, or null if a promotion does.</summary>
    public string? OneOff { get; init; }

    /// <summary>The service of the manifest, resolved.</summary>
    public required Service Service { get; init; }

    /// <summary>The name of our container, one of the base's.</summary>
    public required string Container { get; init; }

    /// <summary>The image, pinned by its digest.</summary>
    public required string Image { get; init; }

    /// <summary>The build that produced the image.</summary>
    public BuildId? Build { get; init; }

    /// <summary>That build's commit.</summary>
    public string? Commit { get; init; }

    /// <summary>The variables in plain text: the manifest's defaults and the injected names.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The release's environment: for each name, the reference from which ECS reads its value.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
}
