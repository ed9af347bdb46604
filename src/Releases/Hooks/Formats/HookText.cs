using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Describes an event in one sentence.</summary>
internal static partial class HookText
{
    private const int MaxDescription = 120;

    public static string Sentence(HookMessage message)
    {
        var (release, by) = (Named(message), message.Event?.By ?? message.Hook.CreatedBy);
        return message.Event switch
        {
            null => "this is a test of a hook",
            { Kind: EventKind.ReleaseCreated } => $"{by} made {release}",
            { Kind: EventKind.PromotionStarted } => $"{by} is promoting {release}",
            { Kind: EventKind.PromotionEnded } when message.Outcome is { } ended => Outcome(release, ended),
            { Detail: { Length: > 0 } detail } what => $"{Words(what.Kind)} by {by}: {detail}",
            var what => $"{Words(what.Kind)} by {by}",
        };
    }

    private static string Outcome(string release, Promotion ended) => ended.Status switch
    {
        PromotionStatus.Failed when ended.IsRestart => $"{release} wasn't restarted: {ended.Reason} {Before(ended)}",
        PromotionStatus.Cancelled when ended.IsRestart => $"the restart of {release} was cancelled. {ended.Reason} {Before(ended)}",
        PromotionStatus.Succeeded when ended.IsRestart => $"{release} was restarted by {ended.StartedBy}",
        PromotionStatus.Succeeded => $"{release} is live, promoted by {ended.StartedBy}",
        // Nothing was replaced yet, such as with a release command that can't be stopped.
        PromotionStatus.Stuck when ended.Services.Count == 0 =>
            $"{release} wasn't {Done(ended)}: {ended.Reason} {Before(ended)} Manual action is needed.",
        PromotionStatus.Stuck => $"{release} wasn't {Done(ended)} and couldn't be rolled back; manual action is needed. {ended.Reason}",
        PromotionStatus.Cancelled => $"the promotion of {release} was cancelled. {ended.Reason} {Before(ended)}",
        _ => $"{release} wasn't promoted: {ended.Reason} {Before(ended)}",
    };

    private static string Done(Promotion ended) => ended.IsRestart ? "restarted" : "promoted";

    /// <summary>Returns what was verified to be live again. Where nothing was touched, nobody looked.</summary>
    private static string Before(Promotion ended) =>
        ended.Services.Count == 0 || ended.Findings.Count > 0
            ? ended.ReleaseCommands.Count == 0 ? "Nothing changed." : "No process was replaced."
        : ended.IsRestart ? "The release is still live."
        : ended.Previous is null
            ? "No release was active before, and none is now."
                + (ended.Services.Any(s => s.Running > 0) ? " The processes from before are back." : "")
        : "The previous release is live.";

    private static string Named(HookMessage message)
    {
        if (message.Release is not { } release) return message.Event?.Release?.ToString() ?? "a release";
        var description = release.Description.Length > MaxDescription ? release.Description[..MaxDescription] + "…" : release.Description;
        return description.Length > 0 ? $"v{release.Number} ({description})" : $"v{release.Number}";
    }

    private static string Words(EventKind kind) => Humps().Replace(kind.ToString(), " $0").Trim().ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Humps();
}
