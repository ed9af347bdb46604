using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Exchanges a token for a cookie that no script can read and no other site can send. The token in the address that is printed is
/// good for one use, as addresses end up in histories; one that somebody set is typed into a form and stays.
/// </summary>
internal sealed class SignIn(Sessions sessions, string? set, Action<string> tell)
{
    public const string Path = "/sign-in";
    public const string OutPath = "/sign-out";
    private const string TokenName = "token";

    private readonly string _token = set ?? Sessions.NewSecret();
    private int _uses;

    /// <summary>The address to open first.</summary>
    public string Url(string address) => set is null ? $"{address}{Path}?{TokenName}={_token}" : $"{address}{Path}";

    /// <summary>Lets in who has signed in, signs in who comes with the token, and shows everybody else the way.</summary>
    public async Task Require(Visit visit, RequestDelegate next)
    {
        var http = visit.Http;
        if (http.Request.Path == Path)
        {
            await (await Answer(visit)).ExecuteAsync(http);
            return;
        }

        if (http.Request.Cookies[CookieName(http)] is not { } secret || sessions.Find(secret) is not { } session)
            throw new RefusedException(
                StatusCodes.Status401Unauthorized, "You are not signed in to this console.",
                set is null ? "Open the address that it printed; if that was used already, start the console again." : $"Sign in at {Path}.");
        http.Items[typeof(Session)] = session;
        if (http.Request.Path == OutPath && HttpMethods.IsPost(http.Request.Method))
        {
            await FormGuard.Require(http, _ => End(http, secret));
            return;
        }

        await next(http);
    }

    private async Task<IResult> Answer(Visit visit)
    {
        var request = visit.Http.Request;
        if (set is not null)
        {
            if (!HttpMethods.IsPost(request.Method)) return new Page("Sign in", new AspNetCoreGeneratedDocument.Console_Pages_SignIn { Visit = visit });
            await FormGuard.Read(request);
            if (!IsToken(visit.Field(TokenName))) throw Wrong("This is not the token of this console.", "Look at what it was started with.");
            return Begin(visit);
        }

        if (!IsToken(visit.Query(TokenName))) throw Wrong("This address does not sign in to this console.", "Open the one that it printed when it was started.");
        if (Interlocked.Increment(ref _uses) > 1)
            throw Wrong("This address was used already to sign in, and is good for once.", "If that was not you, end the console with Ctrl-C; start it again for a new address.");
        return Begin(visit);
    }

    private Page Begin(Visit visit)
    {
        visit.Http.Response.Cookies.Append(CookieName(visit.Http), sessions.Begin(), new() { HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true });
        tell("Somebody signed in to the console.");
        // Not a redirect: where a link in another site's page led here, the browser would leave the cookie out after it.
        return new("Signed in", new AspNetCoreGeneratedDocument.Console_Pages_SignedIn { Visit = visit }) { GoesOnTo = "/" };
    }

    private Task End(HttpContext http, string secret)
    {
        sessions.End(secret);
        http.Response.Cookies.Delete(CookieName(http));
        throw new RefusedException(StatusCodes.Status401Unauthorized, "You are signed out.", set is null ? "Start the console again for a new address." : $"Sign in again at {Path}.");
    }

    private bool IsToken(string? given) => given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(_token)));

    /// <summary>Browsers send the cookies of a host to all of its ports, so two consoles need two names.</summary>
    private static string CookieName(HttpContext http) => $"convox-console-{http.Connection.LocalPort}";

    private static RefusedException Wrong(string message, string remedy) => new(StatusCodes.Status403Forbidden, message, remedy);
}
