using System.CommandLine;

namespace Releases.Tool;

/// <summary>How a change of the environment is wanted.</summary>
internal sealed record EnvironmentChangeOptions(string? From, bool Promote, bool IdOnly, PromoteOptions Promotion);

/// <summary>The options that say it.</summary>
internal sealed class ChangeOptions
{
    private readonly Option<string?> _from = EnvCommand.FromOption();
    private readonly Option<bool> _promote = new("--promote", "-p") { Description = "Promote the release that it makes" };
    private readonly PromoteCommandOptions _promoteOptions = new();
    private readonly Option<bool> _id = new("--id") { Description = "Print only the id of the release that it makes" };

    public void AddTo(Command command)
    {
        command.Add(_promote);
        command.Add(_from);
        command.Add(_id);
        _promoteOptions.AddTo(command);
    }

    /// <summary>Refuses options of a promotion that isn't wanted.</summary>
    public EnvironmentChangeOptions Of(Invocation call) => call.Value(_promote) || _promoteOptions.FirstGiven(call) is not { } given
        ? new(call.Value(_from), call.Value(_promote), call.Value(_id), _promoteOptions.Of(call))
        : throw new Problem(ProblemCode.Usage, $"{given} is about a promotion, and none was asked for.", "Add --promote.", ProblemKind.Usage).ToException();
}

/// <summary>Makes a release of a change of the environment, and promotes it if that is wanted.</summary>
internal static class EnvironmentRelease
{
    public static async Task Make(Invocation call, EnvironmentEdit edit, EnvironmentChangeOptions wishes, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        if (wishes.Promote) app = await Begin.RequireFree(call, rack, app, wishes.Promotion, cancel);
        var made = await new ChangeEnvironment(rack, call.Time).Apply(new(app.Name, edit, wishes.From, await call.By(rack, cancel), wishes.Promote), cancel);
        if (made is null)
        {
            call.Terminal.Say($"Nothing changed: {app.Name} has this environment already, so no release was made.");
            if (call.Json && !wishes.IdOnly) call.Terminal.Out.WriteLine("null");
            return;
        }

        foreach (var key in edit.Set.Select(v => v.Key).Where(AspNetListenVariables.Contains)) call.Terminal.Say($"warning: {AspNetListenVariables.Warning(key)}");
        if (made.Note is { } note) call.Terminal.Say(note);
        await PrintRelease.Print(call, rack, made.Release, wishes.IdOnly, cancel);
        if (wishes.Promote)
            await FollowBegun.Run(
                call, rack, app, await Begin.PromotionOfNew(call, rack, app, made.Release, wishes.Promotion, cancel), wishes.Promotion, quiet: wishes.IdOnly || call.Json, cancel);
        else call.Terminal.Say($"Promote it with: dotnet convox promote {made.Release.Id}");
    }

    /// <summary>Refuses now what <see cref="Make"/> would refuse after somebody has worked on it.</summary>
    public static async Task RequireBase(Invocation call, EnvironmentChangeOptions wishes, CancellationToken cancel)
    {
        if (!wishes.Promote) return;
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        app = await Begin.RequireFree(call, rack, app, wishes.Promotion, cancel);
        if (wishes.From is null) BaseChoice.RequireUnambiguous(app);
    }
}
