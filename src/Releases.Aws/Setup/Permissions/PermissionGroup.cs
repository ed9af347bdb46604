namespace Releases.Aws;

/// <summary>Actions that are needed on the same resources.</summary>
/// <param name="What">The resources, for people.</param>
/// <param name="Resources">Their ARNs, or <c>*</c>.</param>
/// <param name="Actions">The actions, as IAM names them.</param>
internal sealed record PermissionGroup(string What, IReadOnlyList<string> Resources, IReadOnlyList<string> Actions)
{
    /// <summary>What AWS would add to a request, by which policies may decide.</summary>
    public IReadOnlyList<(string Key, string Value)> Context { get; init; } = [];
}
