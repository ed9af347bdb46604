using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The one place where a failure becomes a page with the right status, the sentence and what to do.</summary>
internal static class Failures
{
    public static async Task BecomePages(Visit visit, RequestDelegate next)
    {
        var http = visit.Http;
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed } response)
                throw new RefusedException(response.StatusCode, "The console has no such page.", "Go back, or begin at the apps.");
        }
        catch (Exception failure) when (IsThatTheyLeft(failure, http))
        {
            http.Abort();
        }
        catch (Exception failure) when (http.RequestAborted.IsCancellationRequested || http.Response.HasStarted)
        {
            // Nobody is there to read it, or it is too late for a page: the terminal has it, and the connection ends where it is.
            visit.Site.Unshown.Say(failure);
            http.Abort();
        }
        catch (RefusedException refused)
        {
            await Show(visit, refused.Status, [refused.Problem]);
        }
        catch (ProblemException problem)
        {
            await Show(visit, StatusOf(problem.Problems[0]), problem.Problems);
        }
        catch (BadHttpRequestException wrong)
        {
            await Show(visit, wrong.StatusCode, [new(
                ProblemCode.ConsoleRefused,
                wrong.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The form is larger than the console takes, which is 1 MB; nothing was done." : $"The request is not well formed: {wrong.Message.TrimEnd('.')}.")]);
        }
#pragma warning disable CA1031 // The one place where whatever went wrong becomes a page; the terminal has it too.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            visit.Site.Report.Write(unexpected);
            await Show(visit, StatusCodes.Status500InternalServerError, [new(
                ProblemCode.Unexpected, "The console failed at this, and what runs is not touched by that.", "The terminal that it was started in says more; it may be a fault of this program.")]);
        }
    }

    /// <summary>What was read from a connection that is gone says so before the request does.</summary>
    private static bool IsThatTheyLeft(Exception failure, HttpContext http) =>
        (failure.InnerException ?? failure) is ConnectionAbortedException or ConnectionResetException
        || (http.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or BadHttpRequestException or RefusedException);

    private static Task Show(Visit visit, int status, IReadOnlyList<Problem> problems) =>
        new Page(problems[0].Code == ProblemCode.Unexpected ? "Failed" : "Not done", new AspNetCoreGeneratedDocument.Console_Pages_Problem { Model = problems, Visit = visit }) { Status = status }.ExecuteAsync(visit.Http);

    private static int StatusOf(Problem problem) => problem switch
    {
        { Code: ProblemCode.NoSuchApp or ProblemCode.NoSuchRelease or ProblemCode.NotFound } => StatusCodes.Status404NotFound,
        { Kind: ProblemKind.Busy } or { Code: ProblemCode.ChangedMeanwhile or ProblemCode.AppLocked or ProblemCode.ChooseBase or ProblemCode.Nothing or ProblemCode.Incomplete } =>
            StatusCodes.Status409Conflict,
        { Code: ProblemCode.Daemon or ProblemCode.StoreBusy or ProblemCode.AwsUnreachable or ProblemCode.DiskFull } => StatusCodes.Status503ServiceUnavailable,
        { Kind: ProblemKind.Usage } => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
