using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Protects forms against forgery: each carries an HMAC of its session under a key of this process. ASP.NET Core's antiforgery does the
/// same, but with a key ring, which makes no sense where nothing outlives the process.
/// </summary>
internal static class FormGuard
{
    /// <summary>The name of the field that every form has.</summary>
    public const string Field = "guard";

    public static async Task Require(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            await Read(http.Request);
            var expected = ((Session)http.Items[typeof(Session)]!).FormToken;
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Form[Field].ToString()),
                Encoding.UTF8.GetBytes(expected)))
                throw new RejectedRequestException(
                    StatusCodes.Status403Forbidden, "this form isn't from your session, so nothing changed.",
                    "Load the page again, and press the button there.");
        }

        await next(http);
    }

    /// <summary>Reads the form of a request, within the limits.</summary>
    public static async Task Read(HttpRequest request)
    {
        if (!request.HasFormContentType || request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            throw new RejectedRequestException(StatusCodes.Status415UnsupportedMediaType, "the console takes plain forms only.");
        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException tooMuch)
        {
            throw new RejectedRequestException(StatusCodes.Status413PayloadTooLarge,
                $"the form has more than the console takes: {tooMuch.Message}");
        }
    }
}
