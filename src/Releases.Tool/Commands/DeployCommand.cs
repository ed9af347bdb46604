using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>deploy</c>: <c>build</c>, then <c>promote</c>.</summary>
internal static class DeployCommand
{
    public static Command Create(ToolHost host)
    {
        var (build, promote) = (new BuildOptions(), new PromoteCommandOptions());
        var command = new Command("deploy", "Build every service, make a release and promote it");
        build.AddTo(command);
        promote.AddTo(command);
        return command
            .Example("dotnet convox deploy")
            .Example("dotnet convox deploy --wait-lock 10m --timeout 5m", "in a pipeline")
            .SetHandler(host, (call, cancel) => Deploy(call, build, promote, cancel));
    }

    private static async Task Deploy(Invocation call, BuildOptions build, PromoteCommandOptions promote, CancellationToken cancel)
    {
        var (rack, options, idOnly) = (await call.OpenRack(cancel), promote.Read(call), build.IdOnly(call));
        var what = build.Of(call);
        var operations = call.Operations(rack);
        // Check before the build what would otherwise be refused after it.
        var preconditions = new PromotionPreconditions(operations);
        preconditions.RequireAgent(options);
        if (options.ExpectActive is not null || await rack.Store.FindApp(call.App, cancel) is { DeletedAt: null })
            await preconditions.Ensure(await rack.Store.RequireApp(call.App, cancel), options, cancel);
        var made = await BuildOptions.Make(call, rack, what with { OnlyIfChanged = true }, cancel);
        var (release, app) = (made.Release, await rack.Store.RequireApp(made.Release.App, cancel));
        var state = made.IsUnchanged ? await UnchangedRelease.Read(app, release, rack, cancel) : null;
        await using var data = new PromotedRelease(call, rack, idOnly);
        // It is printed however the command ends.
        if (call.Json && !idOnly) data.Print(release);
        // A program gets the one that is promoted, which may be made again.
        var isForProgram = idOnly || call.Json;
        if (!isForProgram || state is { IsServing: true }) Print(release);
        if (state is { IsServing: true })
        {
            if (!isForProgram) await Outcome.PrintActive(call, rack, app.Name, release.Id, cancel);
            return;
        }

        var start = new StartPromotion(operations);
        StartedPromotion? started;
        try
        {
            started = state is null
                ? await start.RunNew(app, release, what.From, options, cancel)
                : await start.RunUnchanged(app, release, what.From, options, cancel);
        }
        catch (ProblemException refused) when (isForProgram && !refused.Is(ProblemCode.NotFollowed))
        {
            // It stays, although it isn't promoted.
            Print(release);
            throw;
        }

        if (started is null)
        {
            if (isForProgram) Print(release);
            else if ((await rack.Store.RequireApp(app.Name, cancel)).Active is { } active)
                await Outcome.PrintActive(call, rack, app.Name, active, cancel);
            return;
        }

        if (isForProgram) Print(started.Release);
        await FollowStarted.Run(call, operations, started, promote.Detach(call), quiet: isForProgram, cancel);

        void Print(Release one)
        {
            var isUnchanged = state is not null && one.Id == release.Id;
            if (isUnchanged) state!.Say(call);
            if (isForProgram || !isUnchanged) data.Print(one);
        }
    }
}
