using System.Text.Json;

namespace Releases.Testing;

/// <summary>The notes on one service, kept as a store would keep them.</summary>
public sealed class MemoryJournal : IServiceJournal
{
    private string? _written;

    public JsonElement? Notes => _written is null ? null : JsonDocument.Parse(_written).RootElement;

    public Task Write(JsonElement notes, CancellationToken cancel)
    {
        _written = notes.GetRawText();
        return Task.CompletedTask;
    }
}
