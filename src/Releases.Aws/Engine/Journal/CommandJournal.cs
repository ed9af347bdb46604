using System.Text.Json;

namespace Releases.Aws;

/// <summary>
/// Represents the engine's journal of one run of a <c>release</c> or <c>verify</c> command. No driver resumes a <c>release</c> command; its
/// journal shows what may be left of it.
/// </summary>
internal sealed record CommandJournal : Extensible
{
    /// <summary>The task definition that was registered for it, or null before that.</summary>
    public string? Definition { get; init; }

    /// <summary>The ARN of the task, or null before it is known.</summary>
    public string? Task { get; init; }

    /// <summary>Whether ECS was asked to stop the task.</summary>
    public bool StopAsked { get; init; }

    public static CommandJournal? From(ReleaseCommand command) => command.Engine?.Deserialize(EcsJson.Default.CommandJournal);

    public static CommandJournal? From(IServiceJournal command) => command.Notes?.Deserialize(EcsJson.Default.CommandJournal);

    /// <summary>Writes the journal, and returns it.</summary>
    public async Task<CommandJournal> Save(IServiceJournal command, CancellationToken cancel)
    {
        await command.Write(JsonSerializer.SerializeToElement(this, EcsJson.Default.CommandJournal), cancel);
        return this;
    }
}
