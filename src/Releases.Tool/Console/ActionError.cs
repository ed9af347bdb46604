using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Represents the failure of a request. After a button, the form redirects to the button's page, which shows the error at its top, so that
/// reloading the page doesn't send the form again; otherwise the error is a page of its own.
/// </summary>
/// <param name="Title">The title, which names what failed.</param>
/// <param name="Status">The status code of the response.</param>
/// <param name="Problems">The reasons.</param>
internal sealed record ActionError(string Title, int Status, IReadOnlyList<Problem> Problems)
{
    /// <summary>The query parameter that identifies the error in the address of the page that shows it.</summary>
    public const string Name = "error";

    /// <summary>The query parameter that identifies a message that a page shows once.</summary>
    public const string MessageName = "message";

    /// <summary>Gets the address that the form was sent to, or null if it was a page.</summary>
    public string? Action { get; init; }

    /// <summary>Gets the fields of the form, so that its page shows them as they were.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets whether signing in would help.</summary>
    public bool CanSignIn { get; init; }

    public Page On(PageRequest request) =>
        new(Title, new AspNetCoreGeneratedDocument.Console_Pages_Problem { Model = this, Request = request }) { Status = Status };

    /// <summary>
    /// Returns the page of an app from which a form was sent, without what it showed once, or null if the browser doesn't name one.
    /// </summary>
    public static string? BackFrom(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page)
        && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
        && page.AbsolutePath.StartsWith("/apps/", StringComparison.Ordinal)
            ? Without(page.AbsolutePath, page.Query)
            : null;

    /// <summary>Returns an address without the error and the message that it names.</summary>
    public static string Without(string path, string query)
    {
        var kept = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => p.Split('=')[0] is not (Name or MessageName));
        return string.Join('&', kept) is { Length: > 0 } left ? $"{path}?{left}" : path;
    }
}
