using System.Text.Json;

namespace Releases;

/// <summary>Represents the engine's notes on a command.</summary>
/// <param name="find">Returns the command as it is recorded.</param>
/// <param name="save">Records the changed command.</param>
/// <param name="report">Records what the command waits for, if that is shown.</param>
internal sealed class CommandNotes(
    Func<ReleaseCommand> find, Func<ReleaseCommand, CancellationToken, Task> save,
    Func<string?, CancellationToken, Task>? report = null) : IServiceJournal
{
    public JsonElement? Notes => find().Engine;

    public Task Write(JsonElement notes, CancellationToken cancel) => save(find() with { Engine = notes }, cancel);

    public Task Report(string? waitsFor, CancellationToken cancel) => report?.Invoke(waitsFor, cancel) ?? Task.CompletedTask;
}
