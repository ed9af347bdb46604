using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env</c>: the variables of an app.</summary>
internal static class EnvCommand
{
    private const string Mask = "****";

    public static Command Create(ToolHost host)
    {
        var from = FromOption();
        var reveal = new Option<bool>("--reveal") { Description = "Show the values on a terminal too" };
        return new Command("env", "List environment variables; get, set, edit and unset them")
        {
            from, reveal,
            EnvGetCommand.Create(host), EnvSetCommand.Create(host), EnvEditCommand.Create(host), EnvUnsetCommand.Create(host),
        }
            .Example("dotnet convox env")
            .Example("dotnet convox env --reveal", "with the values, on a terminal too")
            .Example("dotnet convox env --from active > live.env", "of what is live, as a .env file")
            .SetHandler(host, (call, cancel) => List(call, call.Value(from), call.Value(reveal), cancel));
    }

    public static Option<string?> FromOption() => new("--from")
    {
        HelpName = "active|release",
        Description = "The release whose environment is meant; else the latest",
    };

    /// <summary>The environment that is meant, with a note where latest and active differ and nobody said which.</summary>
    public static async Task<EnvironmentSet> Read(Invocation call, string? from, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        if (from is null && app.Active is { } active && app.Latest is { } latest && active != latest)
            call.Terminal.Say($"This is the environment of {latest}, the latest release; the active one is {active}, see it with --from active.");
        return await new ChangeEnvironment(rack, call.Time).Read(app.Name, from, cancel);
    }

    /// <summary>The same for somebody who gets all values, which is recorded before.</summary>
    public static async Task<EnvironmentSet> ReadToShow(Invocation call, string? from, CancellationToken cancel)
    {
        var environment = await Read(call, from, cancel);
        if (environment.Count > 0) await NoteRevealed(call, from, null, cancel);
        return environment;
    }

    /// <summary>Records that somebody is about to get all values, or the one of a key.</summary>
    public static async Task NoteRevealed(Invocation call, string? from, string? key, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        await new ChangeEnvironment(rack, call.Time).NoteRevealed(call.App, from, key, await call.By(rack, cancel), cancel);
    }

    private static async Task List(Invocation call, string? from, bool reveal, CancellationToken cancel)
    {
        var shown = reveal || !call.Terminal.OutIsTerminal;
        var environment = shown ? await ReadToShow(call, from, cancel) : await Read(call, from, cancel);
        if (call.Json)
        {
            var values = new SortedDictionary<string, string>(environment.ToDictionary(v => v.Key, v => shown ? v.Value : Mask), StringComparer.Ordinal);
            OutputJson.Write(call.Terminal.Out, values, OutputJson.Indented.SortedDictionaryStringString);
            return;
        }

        foreach (var (key, value) in environment) call.Terminal.Out.WriteLine(shown ? SafeText.Data(call.Terminal, EnvironmentText.Line(key, value)) : $"{key}={Mask}");
        if (environment.Count == 0) call.Terminal.Say($"{call.App} has no environment variables; set one with: dotnet convox env set NAME=value");
    }
}
