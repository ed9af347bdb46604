using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Exchanges a token for a cookie that no script can read and no other site can send. The token in the address that is printed is
/// good for one use, as addresses end up in histories, also where it is pasted into the form; one that somebody set is typed there
/// and stays.
/// </summary>
internal sealed class SignIn(Sessions sessions, string? set, WrongTokens wrong, Action<string> tell)
{
    public const string Path = "/sign-in";
    public const string OutPath = "/sign-out";

    /// <summary>Where signing out leads to, signed in or not.</summary>
    public const string SignedOutPath = "/signed-out";

    private const string Used = "used";
    private const string UsedLink = "This sign-in link has been used. If somebody else used it, stop the console with Ctrl-C.";
    /// <summary>Where a link comes from.</summary>
    public const string NewLink = "For a new one, press Enter in the terminal where the console runs, or start it again.";
    private const string TokenName = "token";
    private const string AgainName = "again";

    private readonly Lock _lock = new();
    private string _token = set ?? Sessions.NewSecret();
    private bool _isUsed;

    /// <summary>The address to open first.</summary>
    public string Url(string address) => set is null ? $"{address}{Path}?{TokenName}={_token}" : $"{address}{Path}";

    /// <summary>Another address that signs in, once; the one before no longer does.</summary>
    public string NewUrl(string address)
    {
        lock (_lock)
        {
            if (set is null) (_token, _isUsed) = (Sessions.NewSecret(), false);
            return Url(address);
        }
    }

    /// <summary>Lets in who has signed in, signs in who comes with the token, and shows everybody else the way.</summary>
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
        // HEAD, which programs send that preview a link, uses nothing up.
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
        request.Http.Response.Cookies.Append(CookieName(request.Http), sessions.Begin(), new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            Secure = request.Http.Request.IsHttps,
        });
        tell($"New sign-in from {From(request)}.");
        var wanted = WantedPage.Take(request.Http);
        // The form is our own page's. A link may be in another site's page, and the browser would leave the cookie out after a redirect.
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

    /// <summary>A token, or the link that has it.</summary>
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

    /// <summary>Browsers send the cookies of a host to all of its ports, so two consoles need two names.</summary>
    private static string CookieName(HttpContext http) => $"convox-console-{http.Connection.LocalPort}";
}

/// <summary>The form to sign in with.</summary>
/// <param name="Refused">Why what came before it didn't sign in; null: nothing did.</param>
/// <param name="IsLink">Whether links sign in, rather than a token that somebody set.</param>
internal sealed record SignInView(string? Refused, bool IsLink);
