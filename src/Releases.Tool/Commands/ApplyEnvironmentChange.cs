namespace Releases.Tool;

/// <summary>Applies the environment change of a command, prints the release, and follows its promotion.</summary>
internal static class ApplyEnvironmentChange
{
    public static async Task Run(Invocation call, Func<EnvironmentEdit> edit, EnvironmentCommandOptions options, CancellationToken cancel)
    {
        var (promote, idOnly) = (options.Promote(call), options.IdOnly(call));
        var change = edit();
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var operations = call.Operations(rack, made => PrintRelease.Print(call, made.Release, idOnly));
        var changed = await new ChangeEnvironment(operations).Run(new(app, change, options.From(call), promote), cancel);
        if (changed is null)
        {
            call.Terminal.Say($"Nothing changed: {app.Name} has this environment already, so no release was made.");
            if (call.Json && !idOnly) call.Terminal.Out.WriteLine("null");
        }
        else if (changed.Promotion is { } started)
        {
            await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: idOnly || call.Json, cancel);
        }
        else
        {
            call.Say("", Remedy.Do(Operation.Promote, "Promote it", changed.Release.Id.ToString()));
        }
    }
}
