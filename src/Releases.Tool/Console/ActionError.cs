using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Why a button did not do what it says. It has a page with an address of its own, to which the form leads, so that a browser that
/// returns to it needn't send the form again.
/// </summary>
/// <param name="Title">What did not happen.</param>
/// <param name="Status">The status of its page.</param>
/// <param name="Problems">Why.</param>
/// <param name="Back">Where the button was.</param>
internal sealed record ActionError(string Title, int Status, IReadOnlyList<Problem> Problems, string? Back = null)
{
    public const string Path = "/errors";

    /// <summary>The app that the button was for; null: none.</summary>
    public AppName? App { get; init; }

    /// <summary>Whether signing in helps.</summary>
    public bool CanSignIn { get; init; }

    public static Task<IResult> Show(PageRequest request) => Task.FromResult<IResult>(
        request.Session!.Errors.Find((string)request.Http.Request.RouteValues["error"]!) is { } error
            ? error.On(request)
            : throw new RejectedRequestException(StatusCodes.Status404NotFound, "the console no longer has this message.", "See whether it still matters on the page of the app."));

    public Page On(PageRequest request) => new(Title, new AspNetCoreGeneratedDocument.Console_Pages_Problem { Model = this, Request = request }) { Status = Status };

    /// <summary>The page of ours from which a form was sent, if the browser names it.</summary>
    public static string? BackFrom(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page)
        && string.Equals(page.GetLeftPart(UriPartial.Authority), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        && page.AbsolutePath.StartsWith("/apps/", StringComparison.Ordinal)
            ? page.PathAndQuery
            : null;
}
