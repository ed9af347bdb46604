using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps create</c>: creates an app.</summary>
internal static class AppCreateCommand
{
    public static Command Create(ToolHost host)
    {
        var name = AppArgument.Required();
        return new Command("create", "Create an app") { name }.Example("dotnet convox apps create shop").SetHandler(host, (call, cancel) =>
            Make(call, AppName.Parse(call.Value(name)!), cancel));
    }

    private static async Task Make(Invocation call, AppName name, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await new CreateApp(call.Operations(rack)).Run(name, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, AppView.Of(await LiveStatus.Read(app, rack, cancel)),
            OutputJson.Indented.AppView);
        else call.Terminal.Out.WriteLine($"Created {app.Name}");
        call.Say("", Remedy.Do(Operation.Deploy, "Deploy to it", GlobalOptions.App, app.Name.ToString()));
    }
}
