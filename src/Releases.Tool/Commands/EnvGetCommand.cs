using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env get</c>: prints the value of one variable.</summary>
internal static class EnvGetCommand
{
    public static Command Create(ToolHost host)
    {
        var key = new Argument<string>("key") { Description = "Name of the variable" };
        var from = CommonOptions.EnvironmentFrom();
        return new Command("get", "Print the value of a variable") { key, from }
            .Example("dotnet convox env get DATABASE_URL")
            .Example("dotnet convox env get DATABASE_URL --from active", "of the active release, if that is not the latest")
            .SetHandler(host, (call, cancel) => Get(call, call.Value(key)!, call.Value(from), cancel));
    }

    private static async Task Get(Invocation call, string key, string? from, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var value = await new RevealEnvironment(call.Operations(rack)).Reveal(app, from, key, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new SortedDictionary<string, string> { [key] = value },
            OutputJson.Indented.SortedDictionaryStringString);
        else call.Terminal.Out.WriteLine(SafeText.Data(call.Terminal, value));
    }
}
