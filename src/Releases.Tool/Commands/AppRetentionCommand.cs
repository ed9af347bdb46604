using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps retention</c>: shows or sets how long an app's releases keep their artifacts.</summary>
internal static class AppRetentionCommand
{
    private const string Off = "off";

    public static Command Create(ToolHost host)
    {
        var off = new Argument<string?>(Off)
        {
            HelpName = Off,
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Keep the artifacts of every release",
        };
        off.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not Off and var word }])
                result.AddError($"'{word}' isn't a setting. Pass 'off', or --keep and --days.");
        });
        var keep = CommonOptions.Number("--keep", "Newest releases that keep their artifacts (default: 30)", atLeast: 1);
        var days = CommonOptions.Number("--days", "Days that a release keeps its artifacts (default: 90)", atLeast: 0);
        return new Command("retention", "Show or set how long releases keep their artifacts") { off, keep, days }
            .Example("dotnet convox apps retention", "show the settings and the pinned releases")
            .Example("dotnet convox apps retention --keep 30 --days 90", "prune what is older than both")
            .Example("dotnet convox apps retention off", "prune nothing")
            .SetHandler(host, async (call, cancel) =>
            {
                var (isOff, most, age) = (call.Value(off) is not null, call.Value(keep), call.Value(days));
                if (isOff && (most ?? age) is not null)
                    throw new Problem(
                        ProblemCode.Usage, "'off' can't be combined with --keep or --days. Nothing changed.", "Leave one of them out.",
                        ProblemKind.Usage).ToException();
                if (isOff || (most ?? age) is not null) await Set(call, isOff, most, age, cancel);
                else await Show(call, cancel);
            });
    }

    private static async Task Show(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        await Print(call, rack, await rack.Store.RequireApp(call.App, cancel));
    }

    private static async Task Set(Invocation call, bool off, int? keep, int? days, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var now = app.Retention ?? RetentionSettings.Default;
        var settings = off ? null : now with { Keep = keep ?? now.Keep, Days = days ?? now.Days };
        await Print(call, rack, await new ChangeRetention(call.Operations(rack)).Run(app, settings, cancel));
        if (settings is not null)
            call.Say("Old releases are pruned after the next promotion.", Remedy.Do(Operation.PruneReleases, "See which", "--dry-run"));
    }

    private static async Task Print(Invocation call, Rack rack, App app)
    {
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, RetentionView.Of(app), OutputJson.Indented.RetentionView);
            return;
        }

        var pinned = new List<string>();
        foreach (var release in app.Pinned) pinned.Add(await ReleaseLabel.Read(rack.Store, app.Name, release));
        var facts = new Table();
        facts.Add("App", app.Name.ToString());
        facts.Add("Keeps", RetentionText.Of(app.Retention));
        facts.Add("Pinned", pinned.Count == 0 ? "none" : string.Join(", ", pinned));
        facts.Write(call.Terminal);
    }
}

/// <summary>Formats retention settings for people.</summary>
internal static class RetentionText
{
    public static string Of(RetentionSettings? settings) =>
        settings is null ? "the artifacts of every release" : $"the artifacts of {settings}";
}
