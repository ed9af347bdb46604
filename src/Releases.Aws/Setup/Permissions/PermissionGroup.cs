namespace Releases.Aws;

/// <summary>Represents actions that are needed on the same resources.</summary>
/// <param name="What">The resources, for display.</param>
/// <param name="Resources">The ARNs of the resources, or <c>*</c>.</param>
/// <param name="Actions">The actions, as IAM names them.</param>
internal sealed record PermissionGroup(string What, IReadOnlyList<string> Resources, IReadOnlyList<string> Actions)
{
    /// <summary>The condition keys that AWS would add to a request, which policies may test.</summary>
    public IReadOnlyList<(string Key, string Value)> Context { get; init; } = [];
}
