using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rollback</c>: copies an older release forward and promotes the copy.</summary>
internal static class RollbackCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.OptionalRelease("The release to go back to; else the one that was active before");
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the release that it makes" };
        var command = new Command("rollback", "Go back: copy an older release forward and promote the copy") { release, id };
        options.AddTo(command);
        return command
            .Example("dotnet convox rollback", "to what was active before")
            .Example("dotnet convox rollback v11", "to a certain release")
            .SetHandler(host, (call, cancel) => Rollback(call, call.Value(release), options.Of(call), call.Value(id), cancel));
    }

    private static async Task Rollback(Invocation call, string? named, PromoteOptions options, bool idOnly, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        app = await Begin.RequireFree(call, rack, app, options, cancel);
        var copies = new RollbackRelease(rack, call.Time);
        var target = await Target(rack, copies, app.Name, named, cancel);

        var copy = (await copies.Create(app.Name, target.Id, await call.By(rack, cancel), cancel)).Release;
        call.Terminal.Say($"Created {copy.Id} (v{copy.Number}), a copy of {copy.Content}.");
        if (idOnly) call.Terminal.Out.WriteLine(copy.Id);
        // It was chosen by what is active now.
        var promotion = await Begin.PromotionOfNew(call, rack, app, copy, options with { ExpectActive = options.ExpectActive ?? app.Active }, cancel);
        await FollowBegun.Run(call, rack, app, promotion, options, quiet: idOnly, cancel);
        if (app.Active is { } before) call.Terminal.Say($"Undo it with: dotnet convox rollback {before}");
    }

    /// <summary>The release to go back to: the one that was named, else the one that was active before.</summary>
    public static async Task<Release> Target(Rack rack, RollbackRelease copies, AppName app, string? named, CancellationToken cancel)
    {
        var target = named is null
            ? await copies.ChooseTarget(app, cancel)
            : await rack.Store.RequireRelease(app, ReleaseReference.Parse(named), cancel);
        return target.Missing.Count == 0 ? target : throw new Problem(
            ProblemCode.Incomplete, $"{target.Id} cannot be gone back to: no artifact yet for: {string.Join(", ", target.Missing)}. Nothing was changed.",
            "Choose another one; see them with: dotnet convox releases").ToException();
    }
}
