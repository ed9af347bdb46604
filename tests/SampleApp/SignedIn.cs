using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SampleApp;

/// <summary>What an app with signed-in users and forms does, as the templates have it: nothing about data protection.</summary>
internal static class SignedIn
{
    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddAuthorization();
        services.AddAntiforgery();
    }

    public static void Map(WebApplication app)
    {
        app.MapGet("/sign-in", (
            HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "cookies"))));
        app.MapGet("/me", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
        app.MapGet("/form", (HttpContext context, IAntiforgery forms) => forms.GetAndStoreTokens(context).RequestToken);
        app.MapPost("/form", async (
            HttpContext context, IAntiforgery forms) => await forms.IsRequestValidAsync(context) ? Results.Ok() : Results.BadRequest());
        app.MapGet("/root", (IHostEnvironment host) => host.ContentRootPath);
        app.MapGet("/file", (IHostEnvironment host, string name) =>
            host.ContentRootFileProvider.GetFileInfo(name) is { Exists: true } file ? file.Name : "");
        app.MapGet("/file-by-child", (IHostEnvironment host, string name) =>
        {
            using var child = Process.Start(new ProcessStartInfo("ls", Path.Combine(host.ContentRootPath, name))
            { WorkingDirectory = "/", RedirectStandardOutput = true })!;
            return Path.GetFileName(child.StandardOutput.ReadToEnd().Trim());
        });
    }
}
