using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Why a request wasn't done. After a button it is shown at the top of the page that has the button, to which the form leads, so that a
/// browser that returns to it needn't send the form again; else it is a page of its own.
/// </summary>
/// <param name="Title">What did not happen.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Problems">Why.</param>
internal sealed record ActionError(string Title, int Status, IReadOnlyList<Problem> Problems)
{
    /// <summary>What names it in the address of the page that shows it.</summary>
    public const string Name = "error";

    /// <summary>Whether signing in helps.</summary>
    public bool CanSignIn { get; init; }

    public Page On(PageRequest request) =>
        new(Title, new AspNetCoreGeneratedDocument.Console_Pages_Problem { Model = this, Request = request }) { Status = Status };

    /// <summary>The page of an app from which a form was sent, if the browser names it, without an error that it showed.</summary>
    public static string? BackFrom(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page)
        && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
        && page.AbsolutePath.StartsWith("/apps/", StringComparison.Ordinal)
            ? Without(page.AbsolutePath, page.Query)
            : null;

    /// <summary>An address without the error that it names.</summary>
    public static string Without(string path, string query)
    {
        var kept = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !p.StartsWith($"{Name}=", StringComparison.Ordinal));
        return string.Join('&', kept) is { Length: > 0 } left ? $"{path}?{left}" : path;
    }
}
