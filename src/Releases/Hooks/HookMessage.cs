using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>Represents a message that a hook delivers: an event, with the release and the promotion that it is about.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Origin">The origin of the event.</param>
/// <param name="Id">The id, the same for every attempt, so that a receiver can recognize a repetition.</param>
/// <param name="Event">The event, or null for a test.</param>
/// <param name="Release">The release, or null if there is none or its record is gone.</param>
/// <param name="Promotion">The promotion, or null if there is none or its record is gone.</param>
public sealed record HookMessage(
    Hook Hook, HookSecrets Secrets, HookOrigin Origin, string Id, Event? Event, Release? Release, Promotion? Promotion)
{
    private const string TestKind = "test";

    /// <summary>The kind of event as in JSON: <c>promotionEnded</c>.</summary>
    public string Kind => Event is { } what ? HookEvents.Code(what.Kind) : TestKind;

    /// <summary>
    /// The promotion if this event is its end. For earlier events it is null, because the record may already be ahead of the event.
    /// </summary>
    public Promotion? Outcome => Event is { Kind: EventKind.PromotionEnded } ? Promotion : null;

    /// <summary>Returns the id of an event. It is computed, so nothing is stored for it, and every deliverer gets the same id.</summary>
    public static string IdOf(AppName app, LoggedEvent logged)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{app}\n{logged.Position}\n{logged.Event.At.UtcTicks}\n{HookEvents.Code(logged.Event.Kind)}");
        return Named(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Creates an id for a test.</summary>
    public static string NewId() => Named(RandomNumberGenerator.GetBytes(16));

    private static string Named(byte[] bytes) => "evt_" + Convert.ToHexStringLower(bytes.AsSpan(0, 16));
}

/// <summary>Represents the origin of events.</summary>
/// <param name="Source">The rack as the beginning of a URI: <c>aws://eu-west-1/production</c>, <c>local://box</c>.</param>
/// <param name="Rack">The rack's name.</param>
public sealed record HookOrigin(string Source, string Rack);
