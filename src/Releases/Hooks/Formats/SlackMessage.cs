using System.Text.Json;

namespace Releases;

/// <summary>A message for an incoming webhook of Slack, or of whatever takes the same.</summary>
/// <param name="Text">The text, in Slack's markup.</param>
public sealed record SlackMessage(string Text)
{
    internal static byte[] Write(HookMessage message) => JsonSerializer.SerializeToUtf8Bytes(
        new($"*{message.Hook.App}* on {Escaped(message.Origin.Rack)}: {Escaped(HookText.Sentence(message))}"),
        HookJson.Readable.SlackMessage);

    /// <summary>The three characters that Slack gives a meaning of its own.</summary>
    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
