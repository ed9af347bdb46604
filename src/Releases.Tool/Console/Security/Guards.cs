using Microsoft.AspNetCore.Builder;

namespace Releases.Tool;

/// <summary>Sets up the checks that every request passes before it reaches a page or a button, in this order.</summary>
internal static class Guards
{
    public static void Use(WebApplication server, ConsoleContext console, ConsoleSettings settings, SignIn signIn)
    {
        var hosts = new HostCheck(settings.Address, OwnNames.All(), settings.Names);
        server.Use(SafeHeaders.Add);
        server.Use((http, next) => Failures.BecomePages(new PageRequest(http, console), next));
        server.Use(hosts.Require);
        server.Use(Assets.Serve);
        server.Use(new OriginCheck(settings.Names).Require);
        server.Use((http, next) => signIn.Require(new PageRequest(http, console), next));
        server.Use(FormGuard.Require);
    }
}
