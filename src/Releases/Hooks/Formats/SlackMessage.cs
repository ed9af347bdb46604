using System.Text.Json;

namespace Releases;

/// <summary>Represents a message for an incoming webhook of Slack or of a compatible receiver.</summary>
/// <param name="Text">The text, in Slack's markup.</param>
public sealed record SlackMessage(string Text)
{
    internal static byte[] Write(HookMessage message) => JsonSerializer.SerializeToUtf8Bytes(
        new($"*{message.Hook.App}* on {Escaped(message.Origin.Rack)}: {Escaped(HookText.Sentence(message))}"),
        HookJson.Readable.SlackMessage);

    /// <summary>Escapes the three characters that are special in Slack's markup.</summary>
    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
