using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Reads what ECR answers about single images in the <c>failures</c> of a call that succeeds: only some of them mean that the image doesn't
/// exist.
/// </summary>
internal static class EcrFailures
{
    public const string NotFound = "ImageNotFound";

    /// <summary>Returns the image of a BatchGetImage response, or null if it doesn't exist. Fails with any other failure.</summary>
    public static JsonObject? Image(JsonObject answer, string repository)
    {
        if (answer.Objects("images").FirstOrDefault() is { } image) return image;
        Require(answer, "read", repository, NotFound);
        return null;
    }

    /// <summary>Fails with the first failure whose code isn't one of these.</summary>
    public static void Require(JsonObject answer, string action, string repository, params ReadOnlySpan<string> harmless)
    {
        foreach (var failure in answer.Objects("failures"))
            if (!harmless.Contains(failure.Text("failureCode"))) throw From(failure, action, repository).ToException();
    }

    private static Problem From(JsonObject failure, string action, string repository)
    {
        var code = failure.Text("failureCode") ?? "a failure without a code";
        var id = failure["imageId"].Text("imageDigest") is { Length: > 19 } digest ? $"@{digest[..19]}…"
            : failure["imageId"].Text("imageTag") is { } tag ? $":{tag}" : "";
        var reason = failure.Text("failureReason") is { Length: > 0 } given ? $" ({given.TrimEnd('.')})" : "";
        var message = $"ECR couldn't {action} the image {repository}{id}: {code}{reason}.";
        return code is "KmsError" or "UpstreamTooManyRequests" or "UpstreamUnavailable"
            ? Problem.Unavailable(ProblemCode.Unavailable, message, "Run the command again in a moment.")
            : new(AwsProblemCode.Refused, message, "Fix what ECR reports, and run the command again.");
    }
}
