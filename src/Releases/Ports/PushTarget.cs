namespace Releases;

/// <summary>Where an image is pushed to.</summary>
/// <param name="Registry">The registry's host.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="User">Who logs in.</param>
/// <param name="Password">The password, good for 12 hours. Secret.</param>
public sealed record PushTarget(string Registry, string Repository, string User, string Password)
{
    /// <summary>Where the SDK's container support takes the user from; no file, property or argument ever has it.</summary>
    public const string UserVariable = "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME";

    /// <summary>The same for the password.</summary>
    public const string PasswordVariable = "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD";

    /// <summary>Prints no password.</summary>
    public override string ToString() => $"{Registry}/{Repository}";
}
