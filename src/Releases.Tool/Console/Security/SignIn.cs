using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Exchanges a token for a cookie that no script can read and no other site can send. The token in the printed address works once, even if
/// it is pasted into the form, because addresses end up in browser histories. A configured token is typed into the form and keeps working.
/// </summary>
internal sealed class SignIn(Sessions sessions, string? set, WrongTokens wrong, Action<string> tell)
{
    public const string Path = "/sign-in";
    public const string OutPath = "/sign-out";

    /// <summary>The path of the page after signing out, which is shown whether or not the user is signed in.</summary>
    public const string SignedOutPath = "/signed-out";

    private const string Used = "used";
    private const string UsedLink = "This sign-in link has been used. If somebody else used it, stop the console with Ctrl-C.";

    /// <summary>How to get a new sign-in link.</summary>
    public const string NewLink = "For a new sign-in link, press Enter in the terminal where the console runs, or start it again.";
    private const string TokenName = "token";
    private const string AgainName = "again";

    private readonly Lock _lock = new();
    private string _token = set ?? Sessions.NewSecret();
    private bool _isUsed;

    /// <summary>Returns the address that signs in.</summary>
    public string Url(string address) => set is null ? $"{address}{Path}?{TokenName}={_token}" : $"{address}{Path}";

    /// <summary>Returns a new address that signs in once, and invalidates the previous one.</summary>
    public string NewUrl(string address)
    {
        lock (_lock)
        {
            if (set is null) (_token, _isUsed) = (Sessions.NewSecret(), false);
            return Url(address);
        }
    }

    /// <summary>Passes on requests of signed-in users, signs in requests with a token, and rejects all others.</summary>
    public async Task Require(PageRequest request, RequestDelegate next)
    {
        var http = request.Http;
        var secret = http.Request.Cookies[CookieName(http)];
        var session = secret is null ? null : sessions.Find(secret, isUse: !WantedPage.IsBackground(http.Request));
        if (http.Request.Path == Path || http.Request.Path == SignedOutPath)
        {
            var isIn = session is not null && HttpMethods.IsGet(http.Request.Method);
            await (isIn ? new SeeOther("/") : http.Request.Path == SignedOutPath ? SignedOut(request) : await Answer(request))
                .ExecuteAsync(http);
            return;
        }

        if (session is null)
        {
            WantedPage.Keep(http);
            throw new RejectedRequestException(
                StatusCodes.Status401Unauthorized, "you are not signed in to this console.",
                set is null ? $"Open the link that the console printed. {NewLink}" : null)
            { CanSignIn = true };
        }

        http.Items[typeof(Session)] = session;
        if (http.Request.Path == OutPath && HttpMethods.IsPost(http.Request.Method))
        {
            await FormGuard.Require(http, _ => End(http, secret!));
            return;
        }

        await next(http);
    }

    private async Task<IResult> Answer(PageRequest request)
    {
        var sent = request.Http.Request;
        // HEAD requests, which link previews send, don't use up the token.
        if (HttpMethods.IsHead(sent.Method)) return new NoContent();
        var isForm = HttpMethods.IsPost(sent.Method);
        if (!isForm && (set is not null || request.Query(TokenName) is null))
            return Form(request, request.Query(AgainName) switch { null => null, Used => UsedLink, _ => "Wrong token. Try again." });

        RequireNoWait(request);
        if (isForm) await FormGuard.Read(sent);
        if (!IsToken(isForm ? Typed(request) : request.Query(TokenName)))
        {
            wrong.Record(From(request));
            return isForm ? new SeeOther($"{Path}?{AgainName}=1") : Form(request, "This link does not sign in to this console.");
        }

        if (set is null)
        {
            lock (_lock)
            {
                if (_isUsed) return isForm ? new SeeOther($"{Path}?{AgainName}={Used}") : Form(request, UsedLink);
                _isUsed = true;
            }
        }

        return Begin(request, isForm);
    }

    private IResult Begin(PageRequest request, bool isForm)
    {
        wrong.Forget(From(request));
        ConsoleCookie.Append(request.Http, CookieName(request.Http), sessions.Begin());
        tell($"New sign-in from {From(request)}.");
        var wanted = WantedPage.Take(request.Http);
        // The form is on the console's own page. A link may be on another site, and then the browser would omit the cookie after a
        // redirect.
        if (isForm) return new SeeOther(wanted);
        return new Page("Signed in", new AspNetCoreGeneratedDocument.Console_Pages_SignedIn { Request = request }) { GoesOnTo = wanted };
    }

    private Page Form(PageRequest request, string? refused) =>
        new(
            "Sign in",
            new AspNetCoreGeneratedDocument.Console_Pages_SignIn { Model = new(refused, IsLink: set is null), Request = request })
        {
            Status = refused is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden,
        };

    /// <summary>Returns the typed token, or the one in a pasted link.</summary>
    private string? Typed(PageRequest request)
    {
        if (request.Field(TokenName) is not { } typed || set is not null) return request.Field(TokenName);
        return typed.Trim().Split($"{TokenName}=")[^1];
    }

    private Task End(HttpContext http, string secret)
    {
        sessions.End(secret);
        http.Response.Cookies.Delete(CookieName(http));
        return new SeeOther(SignedOutPath).ExecuteAsync(http);
    }

    private Page SignedOut(PageRequest request) =>
        new("Signed out", new AspNetCoreGeneratedDocument.Console_Pages_SignedOut { Model = set is not null, Request = request });

    private void RequireNoWait(PageRequest request)
    {
        if (wrong.WaitOf(From(request)) is not { Ticks: > 0 } wait) return;
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        request.Http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        throw new RejectedRequestException(
            StatusCodes.Status429TooManyRequests, "too many wrong tokens.", $"Try again in {seconds} s.")
        { CanSignIn = true };
    }

    private bool IsToken(string? given) => given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(_token)));

    private static IPAddress From(PageRequest request) => request.Http.Connection.RemoteIpAddress is { } address
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : IPAddress.None;

    /// <summary>
    /// Returns the name of the cookie. Browsers send a host's cookies to all of its ports, so two consoles need different names.
    /// </summary>
    private static string CookieName(HttpContext http) => $"convox-console-{http.Connection.LocalPort}";
}

/// <summary>Represents the sign-in form.</summary>
/// <param name="Refused">Why the previous attempt was refused, or null if there was none.</param>
/// <param name="IsLink">Whether users sign in with links rather than a configured token.</param>
internal sealed record SignInView(string? Refused, bool IsLink);
