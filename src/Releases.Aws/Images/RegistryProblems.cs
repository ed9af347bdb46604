using System.Net;

namespace Releases.Aws;

/// <summary>Converts failures of reading or sending an image to problems.</summary>
internal static class RegistryProblems
{
    private const string Resume = "Run the command again: what arrived isn't sent again.";

    /// <summary>Does the work. Fails with a problem if the registry refuses a request or doesn't respond.</summary>
    public static async Task<T> Translate<T>(PushTarget place, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (From(failure, place) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    /// <summary>Returns the problem of a transfer from a registry of which nothing moves anymore.</summary>
    public static Problem Stalled(PushTarget place, string digest, TimeSpan limit) => Problem.Unavailable(
        ProblemCode.Unreachable, $"the registry of {place} stopped sending {digest[..19]}…: nothing arrived for {Duration.Text(limit)}.",
        Resume);

    private static Problem? From(Exception failure, PushTarget place) => failure switch
    {
        // The source of a copy stalled while its content was sent to this registry.
        HttpRequestException { InnerException: ProblemException source } => source.Problems[0],
        InvalidDataException or HttpRequestException { InnerException: InvalidDataException } => new(
            ProblemCode.DamagedArtifact,
            $"an image for {place} isn't what its digest names: {(failure.InnerException ?? failure).Message.TrimEnd('.')}.",
            "Copy or export the release again.", Unchanged: Problem.NothingWasReleased),
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new(
            AwsProblemCode.Access, $"the registry of {place} denies the caller: {AwsProblems.OneSentence(failure.Message)}.",
            "Allow the caller to read and push images there, then run the command again."),
        HttpRequestException { StatusCode: not null } or UnreadableResponseException => Problem.Unavailable(
            ProblemCode.Unavailable, $"the registry of {place} failed: {AwsProblems.OneSentence(failure.Message)}.", Resume),
        HttpRequestException or IOException => Problem.Unavailable(
            ProblemCode.Unreachable, $"the registry of {place} can't be reached: {AwsProblems.OneSentence(failure.Message)}.", Resume),
        _ => null,
    };
}
