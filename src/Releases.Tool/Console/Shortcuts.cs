using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Manages the setting for single-key shortcuts. People who use speech input or hit keys by accident can turn them off; the choice is kept
/// in a cookie, because it outlives a session.
/// </summary>
internal static class Shortcuts
{
    public const string Path = "/shortcuts";

    /// <summary>The name of the field with the choice.</summary>
    public const string Field = "keys";

    public const string Off = "off";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(365);

    public static bool AreOff(HttpContext http) => http.Request.Cookies[Name(http)] == Off;

    public static Task<IResult> Switch(PageRequest request)
    {
        if (request.Field(Field) == Off) ConsoleCookie.Append(request.Http, Name(request.Http), Off, KeptFor);
        else request.Http.Response.Cookies.Delete(Name(request.Http));
        return Task.FromResult<IResult>(new SeeOther(request.Back() ?? "/"));
    }

    private static string Name(HttpContext http) => $"convox-console-keys-{http.Connection.LocalPort}";
}
