using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Represents the user or role whose policies are queried.</summary>
/// <param name="Arn">The ARN of the user or role.</param>
/// <param name="Partition">The AWS partition.</param>
/// <param name="Account">The account id.</param>
internal sealed record CallerPrincipal(string Arn, string Partition, string Account)
{
    private const string Session = "assumed-role/";

    /// <summary>
    /// Returns the principal of the caller's ARN from STS, or null if it is neither a user nor a role, and so can't be queried.
    /// </summary>
    public static async Task<CallerPrincipal?> Find(string caller, JsonService iam, CancellationToken cancel)
    {
        if (caller.Split(':', 6) is not [_, var partition, _, _, var account, var name]) return null;
        if (name.StartsWith("user/", StringComparison.Ordinal)) return new(caller, partition, account);
        if (!name.StartsWith(Session, StringComparison.Ordinal)) return null;
        var role = name[Session.Length..].Split('/')[0];
        return new(await RoleArn(role, iam, cancel) ?? $"arn:{partition}:iam::{account}:role/{role}", partition, account);
    }

    /// <summary>Returns the role's ARN, whose path isn't part of a session's ARN, or null if the caller isn't allowed to read it.</summary>
    private static async Task<string?> RoleArn(string role, JsonService iam, CancellationToken cancel)
    {
        try
        {
            return (await iam.Read("GetRole", new() { ["RoleName"] = role }, cancel)).Output["Role"].Text("Arn");
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            return null;
        }
    }
}
