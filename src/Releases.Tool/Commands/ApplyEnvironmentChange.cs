namespace Releases.Tool;

/// <summary>Applies the environment change of a command, prints the release, and follows its promotion.</summary>
internal static class ApplyEnvironmentChange
{
    /// <param name="call">The command.</param>
    /// <param name="edit">Returns the change.</param>
    /// <param name="options">Its options.</param>
    /// <param name="isStated">Whether the caller stated the environment, rather than left an editor, which without a change means to do
    /// nothing.</param>
    /// <param name="cancel">Cancels it.</param>
    public static async Task Run(
        Invocation call, Func<EnvironmentEdit> edit, EnvironmentCommandOptions options, bool isStated, CancellationToken cancel)
    {
        var (promote, idOnly) = (options.Promote(call), options.IdOnly(call));
        // It may read from a terminal or a pipe, which can't be interrupted.
        var change = await Task.Run(edit, CancellationToken.None).WaitAsync(cancel);
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        await using var data = new PromotedRelease(call, rack, idOnly);
        var operations = call.Operations(rack, made =>
        {
            if (promote is not null) data.Print(made.Release);
            else PrintRelease.Print(call, made.Release, idOnly);
        });
        var operation = new ChangeEnvironment(operations);
        var changed = await operation.Run(new(app, change, options.From(call), promote), cancel);
        if (changed is null && isStated && promote is not null && operation.Unchanged is { } unchanged)
        {
            await Promote(call, operations, unchanged, promote, options, data, cancel);
        }
        else if (changed is null)
        {
            await SayUnchanged(call, rack, app.Name, operation.Unchanged, cancel);
            if (call.Json && !idOnly) call.Terminal.Out.WriteLine("null");
        }
        else if (changed.Promotion is { } started)
        {
            await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: idOnly || call.Json, cancel);
        }
        else
        {
            call.Say("", PromotionOffer.Of(changed.Release, "Promote it"));
        }
    }

    /// <summary>Reports that no release was made, and which release has the environment if it isn't the active one.</summary>
    private static async Task SayUnchanged(Invocation call, Rack rack, AppName name, Release? unchanged, CancellationToken cancel)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        if (unchanged is null || app.Active is not { } active || active == unchanged.Id)
        {
            call.Terminal.Say($"Nothing changed: {name} has this environment already, so no release was made.");
            return;
        }

        var latest = app.Latest == unchanged.Id ? ", the latest release," : "";
        var found = $"Nothing changed: {unchanged.Label}{latest} has this environment already, so no release was made.";
        if ((await rack.Store.FindLock(name, cancel))?.Release == unchanged.Id)
            call.Say($"{found} It is being promoted.", Remedy.Do(Operation.WatchPromotion, "Follow it"));
        else
            call.Say($"{found} It isn't active.", PromotionOffer.Of(unchanged, "Promote it"));
    }

    /// <summary>
    /// Promotes the release that has the environment already, unless it is active and running: an earlier promotion of it may have failed.
    /// </summary>
    private static async Task Promote(
        Invocation call, OperationContext operations, Release release, PromoteOptions promote, EnvironmentCommandOptions options,
        PromotedRelease data, CancellationToken cancel)
    {
        var (rack, idOnly) = (operations.Rack, options.IdOnly(call));
        var app = await rack.Store.RequireApp(release.App, cancel);
        var state = await UnchangedRelease.Read(app, release, rack, cancel);
        state.Say(call);
        if (call.Json || idOnly) data.Print(release);
        if (state.IsServing) return;
        // A release that becomes active in the meantime must not be replaced by this one.
        var started = await new StartPromotion(operations).Run(new(app, release.Id, promote.Replacing(app.Active)), cancel);
        await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: idOnly || call.Json, cancel);
    }
}
