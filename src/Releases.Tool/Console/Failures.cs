using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Turns failures into pages with the right status, a sentence and the next step.</summary>
internal static class Failures
{
    /// <summary>The fields that a refused form shows as they were; no others are kept, because they may be secret.</summary>
    private static readonly string[] Kept = ["reason", "count", "hold"];

    public static async Task BecomePages(PageRequest request, RequestDelegate next)
    {
        var http = request.Http;
        try
        {
            await next(http);
            if (http.Response is
                {
                    HasStarted: false,
                    StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
                } response)
                throw new RejectedRequestException(response.StatusCode, "the console has no such page.",
                    "Go back, or start from the apps.");
        }
        catch (Exception failure) when (IsThatTheyLeft(failure, http))
        {
            http.Abort();
        }
        catch (Exception failure) when (http.RequestAborted.IsCancellationRequested || http.Response.HasStarted)
        {
            // The client is gone, or the response has started: report the failure on the terminal and abort the connection.
            request.Console.BackgroundErrors.Report(failure);
            http.Abort();
        }
        catch (RejectedRequestException refused)
        {
            await new ActionError(TitleOf(refused.Status), refused.Status, [refused.Problem]) { CanSignIn = refused.CanSignIn }
                .On(request).ExecuteAsync(http);
        }
        catch (ProblemException problem)
        {
            await Show(request, StatusOf(problem.Problems[0]), problem.Problems);
        }
        catch (BadHttpRequestException wrong)
        {
            await new ActionError(TitleOf(wrong.StatusCode), wrong.StatusCode, [new(
                ProblemCode.ConsoleRefused,
                wrong.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? "the form is larger than the console takes, which is 1 MB; nothing was done."
                    : $"the request is not well formed: {wrong.Message.TrimEnd('.')}.")]).On(request).ExecuteAsync(http);
        }
#pragma warning disable CA1031 // The one place where any failure becomes a page; it is reported on the terminal too.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            request.Console.Report.Write(unexpected);
            await Show(request, StatusCodes.Status500InternalServerError, [new(
                ProblemCode.Unexpected, "the console failed unexpectedly; the running processes are not affected.",
                "Details are in the terminal that it was started in; it may be a bug.")]);
        }
    }

    public static int StatusOf(Problem problem) => problem switch
    {
        { Code: ProblemCode.NoSuchApp or ProblemCode.NoSuchRelease or ProblemCode.NotFound } => StatusCodes.Status404NotFound,
        { Kind: ProblemKind.Busy } or
        {
            Code: ProblemCode.ChangedMeanwhile or ProblemCode.AppLocked or ProblemCode.ChooseBase
            or ProblemCode.Nothing or ProblemCode.Incomplete
        } =>
            StatusCodes.Status409Conflict,
        { Kind: ProblemKind.Unavailable } or { Code: ProblemCode.Daemon or ProblemCode.DiskFull } =>
            StatusCodes.Status503ServiceUnavailable,
        { Kind: ProblemKind.Usage } => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>
    /// Determines whether the failure means that the client is gone. A read from a lost connection fails before the request is aborted.
    /// </summary>
    private static bool IsThatTheyLeft(Exception failure, HttpContext http) =>
        (failure.InnerException ?? failure) is ConnectionAbortedException or ConnectionResetException
        || (http.RequestAborted.IsCancellationRequested
            && failure is OperationCanceledException or BadHttpRequestException or RejectedRequestException);

    /// <summary>Shows the problems: at once for a page request, or after a form by redirecting to the page that it was sent from.</summary>
    private static Task Show(PageRequest request, int status, IReadOnlyList<Problem> problems)
    {
        var http = request.Http;
        if (request.Session is not { } session || !HttpMethods.IsPost(http.Request.Method))
            return new ActionError(TitleOf(status), status, problems).On(request).ExecuteAsync(http);
        if ((request.Back() ?? (request.AppOfAddress is { } app ? $"/apps/{app}/releases" : null)) is not { } back)
            return new ActionError(TitleOf(status), status, problems).On(request).ExecuteAsync(http);
        var id = session.Errors.Put(new(ButtonTitle(http.Request), status, problems)
        {
            Action = http.Request.Path,
            Fields = http.Request.Form.Where(f => Kept.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value.ToString()),
        });
        return new SeeOther(PageRequest.With(back, ActionError.Name, id)).ExecuteAsync(http);
    }

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Not signed in",
        StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests => "Refused",
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => "Page not found",
        StatusCodes.Status500InternalServerError or StatusCodes.Status503ServiceUnavailable => "Something went wrong",
        _ => "Couldn’t do that",
    };

    /// <summary>Returns the title of the error for a button, by the button's address.</summary>
    private static string ButtonTitle(HttpRequest request) => request.Path.Value!.Split('/')[^1] switch
    {
        "promote" => "Couldn’t promote",
        "rollback" => "Couldn’t roll back",
        "cancel" => "Couldn’t cancel",
        "take-over" => "Couldn’t take over",
        "approve" => "Couldn’t approve",
        "scale" => "Couldn’t scale",
        "pin" => "Couldn’t pin the release",
        "unpin" => "Couldn’t unpin the release",
        "test" => "Couldn’t deliver the test",
        "remove" => "Couldn’t remove the hook",
        "run" => "Couldn’t run the command",
        "stop" => "Couldn’t stop the command",
        "lock" => "Couldn’t lock the app",
        "unlock" => "Couldn’t unlock the app",
        _ => "Couldn’t do that",
    };
}
