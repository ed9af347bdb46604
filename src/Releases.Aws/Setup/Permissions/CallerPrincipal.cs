using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Whose policies IAM is asked about.</summary>
/// <param name="Arn">The ARN of the user or role.</param>
/// <param name="Partition">The partition of AWS.</param>
/// <param name="Account">The account's number.</param>
internal sealed record CallerPrincipal(string Arn, string Partition, string Account)
{
    private const string Session = "assumed-role/";

    /// <summary>From the ARN that STS gives the caller; null: neither a user nor a role, so nobody can be asked about.</summary>
    public static async Task<CallerPrincipal?> Find(string caller, JsonService iam, CancellationToken cancel)
    {
        if (caller.Split(':', 6) is not [_, var partition, _, _, var account, var name]) return null;
        if (name.StartsWith("user/", StringComparison.Ordinal)) return new(caller, partition, account);
        if (!name.StartsWith(Session, StringComparison.Ordinal)) return null;
        var role = name[Session.Length..].Split('/')[0];
        return new(await RoleArn(role, iam, cancel) ?? $"arn:{partition}:iam::{account}:role/{role}", partition, account);
    }

    /// <summary>A role may have a path, which the ARN of a session leaves out. Null: the caller may not ask.</summary>
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
