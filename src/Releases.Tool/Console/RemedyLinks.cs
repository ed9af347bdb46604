using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Releases.Tool;

/// <summary>
/// What to do about a problem, on a page: a link to the page that offers it, else the command with the app and the rack, so that it can
/// be copied into any terminal.
/// </summary>
internal static class RemedyLinks
{
    private static readonly string[] OfEnvironment = ["env", "env get", "env set", "env unset", "env edit"];
    private static readonly string[] OfProcesses = ["ps", "services", "logs"];

    /// <summary>Nothing for no remedy.</summary>
    /// <param name="remedy">The remedy.</param>
    /// <param name="app">The app that the page is about; null: none.</param>
    /// <param name="rack">The rack's address.</param>
    public static HtmlString Of(Remedy? remedy, AppName? app, string rack) => remedy is null
        ? HtmlString.Empty
        : new($"<p class=\"remedy\">{remedy.Join(step => Of(step, app?.ToString(), rack))}</p>");

    private static string Of(RemedyStep step, string? app, string rack)
    {
        if (step.Operation is null) return Encode(step.Words);
        return PageOf(step, app) is { } page
            ? $"<a href=\"{Encode(page)}\">{Encode(step.Words)}</a>"
            : $"{Encode(step.Words)}: <code class=\"command\">{Encode(new RemedyText(app, rack).Command(step))}</code>";
    }

    /// <summary>The page that shows an operation's result or has its button; null: there is none that does exactly this.</summary>
    private static string? PageOf(RemedyStep step, string? app)
    {
        string[] arguments = [.. step.Arguments ?? []];
        if (step.Operation == Operation.ListApps.Name) return "/";
        if (arguments is [GlobalOptions.App, var named, .. var rest]) (app, arguments) = (named, rest);
        var page = (step.Operation, arguments) switch
        {
            ("apps info" or "releases" or "promote" or "rollback", []) or ("rollback", ["<id>"]) or ("releases", ["--all"]) => "releases",
            ("releases info" or "promote" or "rollback", [var release]) when ReleaseId.TryParse(release, null, out _) => $"releases/{release}",
            ("promotions" or "watch" or "cancel", []) => "promotions",
            ("promotions info" or "watch", [var promotion]) when PromotionId.TryParse(promotion, null, out _) => $"promotions/{promotion}",
            ({ } environment, _) when OfEnvironment.Contains(environment) && !arguments.Contains("--replace") => "environment",
            ({ } processes, _) when OfProcesses.Contains(processes) => "processes",
            _ => null,
        };
        return page is null || app is null ? null : $"/apps/{app}/{page}";
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
