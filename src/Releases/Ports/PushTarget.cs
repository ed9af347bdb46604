namespace Releases;

/// <summary>Represents the destination of an image push.</summary>
/// <param name="Registry">The registry's host name.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="User">The name of the user.</param>
/// <param name="Password">The password, valid for 12 hours. Secret.</param>
public sealed record PushTarget(string Registry, string Repository, string User, string Password)
{
    /// <summary>The variable from which the SDK's container support reads the user; it is never in a file, property or argument.</summary>
    public const string UserVariable = "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME";

    /// <summary>The variable from which the SDK's container support reads the password.</summary>
    public const string PasswordVariable = "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD";

    /// <summary>Returns the target without the password.</summary>
    public override string ToString() => $"{Registry}/{Repository}";
}
