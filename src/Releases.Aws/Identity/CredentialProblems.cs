using Amazon.Runtime.CredentialManagement;

namespace Releases.Aws;

/// <summary>
/// Explains why there are no credentials. The SDK tries one source after the other; the settings show which one the user meant.
/// </summary>
internal static class CredentialProblems
{
    private const string Usual =
        "Sign in, for example with aws sso login, and set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";

    private static readonly string[] ContainerVariables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];

    /// <param name="failure">The failure of resolving credentials.</param>
    public static Problem From(Exception failure)
    {
        if (Variable("AWS_ACCESS_KEY_ID") is null && Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is null && Named() is { } profile)
            return OfProfile(profile, failure);
        if (Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { } file)
            return Of(
                $"the token in {file} (AWS_WEB_IDENTITY_TOKEN_FILE) gives no credentials: {Reason(failure)}",
                "Check that the token is still valid and that the role of AWS_ROLE_ARN trusts it.");
        foreach (var variable in ContainerVariables)
            if (Variable(variable) is { } address)
                return Of(
                    $"the container's credentials at {address} ({variable}) can't be read: {Reason(failure)}",
                    "Check that the container's agent is running, or unset the variable.");
        return new(AwsProblemCode.Access, "there are no AWS credentials on this machine.", Usual);
    }

    private static Problem OfProfile(string name, Exception failure)
    {
        var chain = new CredentialProfileStoreChain();
        if (!chain.TryGetProfile(name, out var profile))
            return Of(
                $"there is no profile '{name}' in ~/.aws/config or ~/.aws/credentials",
                "Set AWS_PROFILE to another profile, or create it: aws configure sso");
        var options = profile.Options;
        if (options.SourceProfile is { Length: > 0 } source && !chain.TryGetProfile(source, out _))
            return Of(
                $"the profile '{name}' takes its credentials from the profile '{source}' (source_profile), which doesn't exist",
                $"Add the profile '{source}', or correct source_profile.");
        if (options.MfaSerial is { Length: > 0 })
            return Of($"the profile '{name}' needs a code of {options.MfaSerial}, which this program doesn't ask for",
                "Get temporary credentials with aws sts get-session-token, and set them as AWS_ACCESS_KEY_ID, "
                    + "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.");
        if (options.CredentialProcess is { Length: > 0 } process)
            return Of(
                $"the credential_process of the profile '{name}' fails ({process.Split(' ')[0]}): {Reason(failure)}",
                "Run that program by hand to see why.");
        if (options.SsoStartUrl is { Length: > 0 } || options.SsoSession is { Length: > 0 })
            return Of(
                $"the sign-in of the profile '{name}' is missing or has expired: {Reason(failure)}",
                $"Sign in again: aws sso login --profile {name}");
        return Of($"the profile '{name}' has none: {Reason(failure)}", "Check the profile: aws sts get-caller-identity --profile " + name);
    }

    private static Problem Of(string why, string remedy) => new(AwsProblemCode.Access, $"there are no AWS credentials: {why}.", remedy);

    /// <summary>Returns the profile that applies: the named one, else the default one.</summary>
    private static string? Named() =>
        Variable("AWS_PROFILE") ?? (new CredentialProfileStoreChain().TryGetProfile("default", out _) ? "default" : null);

    private static string Reason(Exception failure)
    {
        if (failure is TimeoutException) return AwsProblems.OneSentence(failure.Message);
        var innermost = failure;
        while (innermost.InnerException is { } inner) innermost = inner;
        // The SDK's list of sources says nothing about the one that applies.
        return innermost.Message.StartsWith(
            "Failed to resolve AWS credentials",
            StringComparison.Ordinal) ? "nothing valid was found" : AwsProblems.OneSentence(innermost.Message);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
