using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env</c>: lists the environment variables of an app.</summary>
internal static class EnvCommand
{
    private const string Mask = "****";

    public static Command Create(ToolHost host)
    {
        var from = CommonOptions.EnvironmentFrom();
        var reveal = new Option<bool>("--reveal") { Description = "Show values on a terminal, too" };
        return new Command("env", "List and change environment variables")
        {
            from, reveal,
            EnvGetCommand.Create(host), EnvSetCommand.Create(host), EnvEditCommand.Create(host), EnvUnsetCommand.Create(host),
        }
            .Example("dotnet convox env")
            .Example("dotnet convox env --reveal", "show values on a terminal, too")
            .Example("dotnet convox env --from active > live.env", "save the active environment as a .env file")
            .SetHandler(host, (call, cancel) => List(call, call.Value(from), call.Value(reveal), cancel));
    }

    private static async Task List(Invocation call, string? from, bool showValues, CancellationToken cancel)
    {
        var shown = showValues || !call.Terminal.OutIsTerminal;
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var reveal = new RevealEnvironment(call.Operations(rack));
        var environment = shown ? await reveal.RevealAll(app, from, cancel) : await reveal.Read(app, from, cancel);
        if (call.Json)
        {
            var values = new SortedDictionary<string, string>(environment.ToDictionary(v => v.Key, v => shown ? v.Value : Mask),
                StringComparer.Ordinal);
            OutputJson.Write(call.Terminal.Out, values, OutputJson.Indented.SortedDictionaryStringString);
            return;
        }

        foreach (var (key, value) in environment) call.Terminal.Out.WriteLine(shown
            ? SafeText.Data(call.Terminal, EnvironmentText.Line(key, value))
            : $"{key}={Mask}");
        if (environment.Count == 0)
            call.Say($"{app.Name} has no environment variables.", Remedy.Do(Operation.SetEnvironment, "Set one", "NAME=value"));
    }
}
