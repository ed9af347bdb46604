using System.Net;

namespace Releases;

/// <summary>Represents the receiver of a hook, as the user names it.</summary>
/// <param name="Payload">The format of what is sent.</param>
/// <param name="Address">The address, as it is sealed.</param>
/// <param name="Shown">The part of the address that lists show.</param>
public sealed record HookTarget(HookFormat Payload, string Address, string Shown)
{
    private const string EventBridge = "eventbridge:";
    private const string SlackHost = "hooks.slack.com";
    private const string GitHub = "github";
    private const string GitHubHost = "github.com";
    private const int MaxBus = 1600;

    private static Remedy NameIt =>
        Remedy.Do(Operation.AddHook, "Name the repository", "https://github.com/owner/repository", OperationOption.Format, GitHub);

    /// <summary>Parses a target. Fails with <see cref="ProblemCode.Usage"/>.</summary>
    /// <param name="text">An address, <c>eventbridge:&lt;bus&gt;</c>, or <c>github</c>.</param>
    /// <param name="format">The format that the user chose, or null to derive it from the address.</param>
    /// <param name="allowsPrivate">Whether it may be in a private network.</param>
    /// <param name="remote">The repository that the app is built from, as <c>host/path</c>, or null if unknown.</param>
    public static HookTarget Parse(string text, HookFormat? format, bool allowsPrivate, string? remote)
    {
        if (text.StartsWith(EventBridge, StringComparison.OrdinalIgnoreCase)) return Bus(text[EventBridge.Length..], format);
        if (text.Equals(GitHub, StringComparison.OrdinalIgnoreCase))
        {
            if (remote is null) throw Wrong("can't tell which repository the app is built from", NameIt).ToException();
            // Its host gets the token.
            if (CommitLink.IsElsewhereThanGitHub(remote))
                throw Wrong($"the app is built from {remote}, which isn't on GitHub", NameIt).ToException();
            text = $"https://{remote}";
            format ??= HookFormat.GitHub;
        }

        var uri = Web(text, allowsPrivate);
        format ??= uri.Host == SlackHost ? HookFormat.Slack : HookFormat.Json;
        if (format == HookFormat.EventBridge)
            throw Wrong("an event bus isn't an address", Remedy.Do(Operation.AddHook, "Name it", "eventbridge:<bus>")).ToException();
        return format == HookFormat.GitHub ? Repository(uri) : new(format.Value, uri.AbsoluteUri, Shortened(uri));
    }

    private static HookTarget Bus(string name, HookFormat? format)
    {
        if (format is not (null or HookFormat.EventBridge))
            throw Wrong("an event bus receives events only in EventBridge's own format",
                Remedy.LeaveOut(OperationOption.Format, "Use its own format")).ToException();
        if (name.Length is 0 or > MaxBus || !name.All(c => char.IsAsciiLetterOrDigit(c) || "/.-_:".Contains(c, StringComparison.Ordinal)))
            throw Wrong(
                $"'{name}' isn't the name or ARN of an event bus",
                Remedy.Do(Operation.AddHook, "For example", "eventbridge:default")).ToException();
        return new(HookFormat.EventBridge, name, EventBridge + name);
    }

    private static Uri Web(string text, bool allowsPrivate)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
            throw Wrong(
                "a hook is an https address, eventbridge:<bus> or github",
                Remedy.Do(Operation.AddHook, "For example", "https://example.org/hooks/releases")).ToException();
        if (uri.UserInfo.Length > 0)
            throw Wrong("the address contains a user name or a password", "Receivers check the signature instead.").ToException();
        if (uri.Scheme == "http" && !allowsPrivate)
            throw Wrong(
                "the address is http, so others could read what is sent",
                Remedy.FromString("Use https.").Or(Remedy.Pass(OperationOption.AllowPrivate, "In a network of your own"))).ToException();
        if (IPAddress.TryParse(uri.IdnHost, out var address) && !NetworkAddresses.IsAllowed(address, allowsPrivate))
            throw (NetworkAddresses.IsNeverAllowed(address)
                ? Wrong($"hooks are never delivered to {address}", "Link-local addresses have the metadata of machines.")
                : Wrong(
                    $"{address} is on a private network",
                    Remedy.Pass(OperationOption.AllowPrivate, "Deliver there anyway"))).ToException();
        if (!allowsPrivate && IsThisMachine(uri.IdnHost))
            throw Wrong(
                $"{uri.IdnHost} is the machine that delivers", Remedy.Pass(OperationOption.AllowPrivate, "Deliver there anyway"))
                .ToException();
        return new UriBuilder(uri) { Fragment = "" }.Uri;
    }

    /// <summary>Determines whether a name always leads to loopback (RFC 6761); other names are checked when they are resolved.</summary>
    private static bool IsThisMachine(string host) =>
        $".{host.TrimEnd('.')}".EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the address of the repository in the API of GitHub or of a GitHub Enterprise Server.</summary>
    private static HookTarget Repository(Uri uri)
    {
        if (uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var owner, var repository])
            throw Wrong(
                "it isn't the address of a repository",
                Remedy.Do(Operation.AddHook, "For example", "https://github.com/owner/repository", OperationOption.Format, GitHub))
                .ToException();
        if (repository.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) repository = repository[..^4];
        var api = uri.Host == GitHubHost ? "https://api.github.com" : $"{uri.GetLeftPart(UriPartial.Authority)}/api/v3";
        return new(HookFormat.GitHub, $"{api}/repos/{owner}/{repository}", $"{uri.Authority}/{owner}/{repository}");
    }

    private static string Shortened(Uri uri) => uri.GetLeftPart(UriPartial.Authority) + (uri.PathAndQuery == "/" ? "" : "/…");

    private static Problem Wrong(string what, Remedy remedy) => new(
        ProblemCode.Usage, $"{what}; nothing changed.", remedy, ProblemKind.Usage);
}
