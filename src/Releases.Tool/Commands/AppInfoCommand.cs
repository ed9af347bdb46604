using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps info</c>: one app, its record and what really runs.</summary>
internal static class AppInfoCommand
{
    public static Command Create(Surroundings outside)
    {
        var name = new Argument<string?>("app") { Arity = ArgumentArity.ZeroOrOne, Description = "Its name; else the app of this folder" };
        return new Command("info", "Show an app") { name }
            .Example("dotnet convox apps info", "the app of this folder")
            .Example("dotnet convox apps info shop --json")
            .Does(outside, (call, cancel) => Show(call, call.Value(name) is { } given ? AppName.Parse(given) : call.App, cancel));
    }

    private static async Task Show(Invocation call, AppName name, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(name, cancel);
        var reality = await Reality.Of(app, rack, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, AppView.Of(reality), OutputJson.Indented.AppView);
        else Print(call, app, reality);
    }

    private static void Print(Invocation call, App app, Reality reality)
    {
        var facts = new Table();
        facts.Add("Name", app.Name.ToString());
        facts.Add("Status", new Cell(reality.Status + reality.Standing.Gone(call.Now), Reality.ToneOf(reality.Status)));
        facts.Add("Active", app.Active?.ToString() ?? "none");
        facts.Add("Latest", app.Latest?.ToString() ?? "none");
        if (reality.Standing.Running is { } running) facts.Add("Promoting", $"{running.Release} ({Words.Of(running.Status)}), by {running.StartedBy}");
        if (app.Hold is { } hold) facts.Add("Locked", new Cell($"{RelativeTime.Of(hold.At, call.Now)} by {hold.By}: {hold.Reason}", Tone.Busy));
        facts.Add("Created", $"{RelativeTime.Of(app.CreatedAt, call.Now)} by {app.CreatedBy}");
        facts.Write(call.Terminal);
        Differences.Tell(call.Terminal, reality);
    }
}
