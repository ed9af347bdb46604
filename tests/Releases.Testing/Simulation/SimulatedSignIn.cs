using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Releases.Testing.Simulation;

/// <summary>
/// The Security Token Service and the portal of IAM Identity Center: give out keys for a role, and know whose keys they are.
/// </summary>
internal sealed class SimulatedSignIn() : SimulatedQueryService("STS", "https://sts.amazonaws.com/doc/2011-06-15/")
{
    /// <summary>What the portal accepts as a person who has signed in.</summary>
    public const string SsoToken = "a-token-of-the-portal";

    private const string Account = "111122223333";

    /// <summary>How the callers of GetCallerIdentity had signed in, in order.</summary>
    public SharedList<string> Callers { get; } = [];

    /// <summary>What a caller with these keys is called.</summary>
    public static string Arn(string key) => $"arn:aws:sts::{Account}:assumed-role/deployer/{key}";

    protected override async Task Respond(HttpContext context)
    {
        if (context.Request.Path != "/federation/credentials") await base.Respond(context);
        else if (context.Request.Headers["x-amz-sso_bearer_token"] != SsoToken) context.Response.StatusCode = 401;
        else await context.Response.WriteAsync(
            $$"""{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds()}} } }""");
    }

    protected override IEnumerable<XElement> Handle(string action, IReadOnlyDictionary<string, string> form, HttpRequest request)
    {
        var key = request.Headers.Authorization.ToString().Split("Credential=")[^1].Split('/')[0];
        return action switch
        {
            "AssumeRole" when key.Length > 0 => Credentials($"ASIAROLE{key}"),
            "AssumeRoleWithWebIdentity" when form["WebIdentityToken"] == SsoToken => Credentials("ASIAWEBIDENTITY00"),
            "GetCallerIdentity" => Identity(key),
            _ => throw new InvalidOperationException($"The simulated STS does not know {action}."),
        };
    }

    private static IEnumerable<XElement> Credentials(string id) =>
    [
        new(
            "Credentials", new XElement("AccessKeyId", id), new XElement("SecretAccessKey", "s"), new XElement("SessionToken", "t"),
            new XElement("Expiration", $"{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}")),
    ];

    private IEnumerable<XElement> Identity(string key)
    {
        Callers.Add(key);
        return [new("Arn", Arn(key)), new("UserId", "AIDA"), new("Account", Account)];
    }
}
