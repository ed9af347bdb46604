using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>What a hook delivers: an event, with the release and the promotion that it is about.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Origin">Where the event comes from.</param>
/// <param name="Id">The same for every attempt, so that a receiver recognizes a repetition.</param>
/// <param name="Event">The event; null: a test.</param>
/// <param name="Release">The release; null: none, or its record is gone.</param>
/// <param name="Promotion">The promotion; null: none, or its record is gone.</param>
public sealed record HookMessage(
    Hook Hook, HookSecrets Secrets, HookOrigin Origin, string Id, Event? Event, Release? Release, Promotion? Promotion)
{
    private const string TestKind = "test";

    /// <summary>What happened, as JSON has it: <c>promotionEnded</c>.</summary>
    public string Kind => Event is { } what ? HookEvents.Code(what.Kind) : TestKind;

    /// <summary>The promotion where this is its outcome; before, its record has only what was known at that time.</summary>
    public Promotion? Outcome => Event is { Kind: EventKind.PromotionEnded } ? Promotion : null;

    /// <summary>The id of an event: nothing is stored for it, and it doesn't depend on who delivers.</summary>
    public static string IdOf(AppName app, LoggedEvent logged)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{app}\n{logged.Position}\n{logged.Event.At.UtcTicks}\n{HookEvents.Code(logged.Event.Kind)}");
        return Named(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>An id for a test.</summary>
    public static string NewId() => Named(RandomNumberGenerator.GetBytes(16));

    private static string Named(byte[] bytes) => "evt_" + Convert.ToHexStringLower(bytes.AsSpan(0, 16));
}

/// <summary>Where events come from.</summary>
/// <param name="Source">The rack as the beginning of a URI: <c>aws://eu-west-1/production</c>, <c>local://box</c>.</param>
/// <param name="Rack">The rack's name.</param>
public sealed record HookOrigin(string Source, string Rack);
