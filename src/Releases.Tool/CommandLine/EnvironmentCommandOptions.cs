using System.CommandLine;

namespace Releases.Tool;

/// <summary>Represents the options of every command that changes an environment.</summary>
internal sealed class EnvironmentCommandOptions
{
    private readonly Option<string?> _from = CommonOptions.EnvironmentFrom();
    private readonly Option<bool> _promote = new("--promote", "-p") { Description = "Promote the new release" };
    private readonly PromoteCommandOptions _promoteOptions = new();
    private readonly Option<bool> _id = new("--id") { Description = "Print only the id of the new release" };

    public void AddTo(Command command)
    {
        command.Add(_promote);
        command.Add(_from);
        command.Add(_id);
        _promoteOptions.AddTo(command);
    }

    public string? From(Invocation call) => call.Value(_from);

    public bool IdOnly(Invocation call) => call.Value(_id);

    public bool Detach(Invocation call) => _promoteOptions.Detach(call);

    /// <summary>
    /// Returns how the release is promoted, or null if it isn't. Fails if there are options of a promotion without --promote.
    /// </summary>
    public PromoteOptions? Promote(Invocation call)
    {
        if (call.Value(_promote)) return _promoteOptions.Read(call);
        return _promoteOptions.FirstGiven(call) is not { } given ? null : throw new Problem(
            ProblemCode.Usage, $"{given} needs --promote.", "Add --promote, or leave it out.", ProblemKind.Usage).ToException();
    }
}
