using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;

namespace Releases.Tool;

/// <summary>
/// Renders what to do about a problem: a link to the page that offers it, or else the command with its app and rack, which can be pasted
/// into any terminal.
/// </summary>
internal static partial class RemedyLinks
{
    private static readonly string[] OfEnvironment = ["env", "env get", "env set", "env unset", "env edit"];

    /// <summary>Renders a remedy; empty if there is none.</summary>
    /// <param name="remedy">The remedy.</param>
    /// <param name="app">The app that the page is about, or null.</param>
    /// <param name="rack">The rack's address.</param>
    public static HtmlString From(Remedy? remedy, AppName? app, string rack) =>
        remedy?.Join(step => From(step, app?.ToString(), rack)) is { Length: > 0 } steps
            ? new($"<div class=\"remedy\">{steps}</div>")
            : HtmlString.Empty;

    /// <summary>Renders a step; null for an option of the request, because a page's forms have those that it offers.</summary>
    private static string? From(RemedyStep step, string? app, string rack)
    {
        if (step.Option is not null) return null;
        if (step.Operation is null) return Encode(step.Words);
        return PageFor(step, app) is { } page
            ? $"<a href=\"{Encode(page)}\">{Encode(step.Words)}</a>"
            : $"{Encode(step.Words)}: {Code(new RemedyText(app, rack).Command(step))}";
    }

    /// <summary>Renders a command; where it doesn't fit, its lines don't end within the name of an option.</summary>
    public static string Code(string command) =>
        $"<code class=\"command\">{OptionName().Replace(Encode(command), "<span class=\"option\">$0</span>")}</code>";

    /// <summary>Returns the page that shows an operation's result or has its button, or null if no page does exactly this.</summary>
    private static string? PageFor(RemedyStep step, string? app)
    {
        string[] arguments = [.. step.Arguments ?? []];
        if (step.Operation == Operation.ListApps.Name) return "/";
        if (arguments is [GlobalOptions.App, var named, .. var rest]) (app, arguments) = (named, rest);
        var page = (step.Operation, arguments) switch
        {
            ("apps info" or "releases" or "promote", []) or ("promote" or "rollback", ["<id>"]) or ("releases", ["--all"]) => "releases",
            // The note that each page of a locked app has says whose lock it is, and unlocks no other.
            ("apps unlock", []) => "releases",
            ("rollback", []) => "rollback",
            ("restart", []) => "restart",
            ("releases info", [var release]) when IsRelease(release) => $"releases/{release}",
            ("promote" or "rollback", [var release]) when IsRelease(release) =>
                $"releases/{release}/{step.Operation}",
            ("promote", [var release, "--allow-empty"]) when IsRelease(release) =>
                $"releases/{release}/promote?empty=1",
            ("rollback", [var release, "--force"]) when IsRelease(release) => $"releases/{release}/rollback?force=1",
            ("releases verify", [var release]) when IsRelease(release) => $"releases/{release}/verify",
            ("run", []) => "run",
            ("run", [var service, ..]) => $"run?service={Uri.EscapeDataString(service)}",
            ("releases diff", ["v1", "v2"]) => "compare",
            ("promotions" or "watch" or "cancel" or "approve", []) or ("cancel", ["--force"]) => "promotions",
            ("promotions info" or "watch", [var promotion]) when PromotionId.TryParse(promotion, null, out _) => $"promotions/{promotion}",
            ("builds", []) => "builds",
            ("builds info" or "builds logs", [var build]) when BuildId.TryParse(build, null, out _) => $"builds/{build}",
            ("env set", [var variable, ..]) when variable.EndsWith("=…", StringComparison.Ordinal) =>
                $"environment?add={Uri.EscapeDataString(variable[..^2])}",
            ({ } environment, _) when OfEnvironment.Contains(environment) && !arguments.Contains("--replace") => "environment",
            ("ps" or "services" or "scale", _) => "services",
            ("logs", _) => "logs",
            ("events", []) => "events",
            ("hooks" or "hooks info", _) => "hooks",
            _ => null,
        };
        return page is null || app is null ? null : $"/apps/{app}/{page}";
    }

    /// <summary>Determines whether a text is a release's id, or its number such as <c>v12</c>.</summary>
    private static bool IsRelease(string text) =>
        ReleaseId.TryParse(text, null, out _) || (text is ['v', .. var number] && number.Length > 0 && number.All(char.IsAsciiDigit));

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex("(?<= )--[a-z-]+")]
    private static partial Regex OptionName();
}
