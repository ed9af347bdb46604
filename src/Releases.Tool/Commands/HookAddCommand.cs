using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>hooks add</c>: adds a hook, which delivers an app's future events to an address.</summary>
internal static class HookAddCommand
{
    private const int MaxToken = 4096;

    public static Command Create(ToolHost host)
    {
        var target = new Argument<string>("target") { Description = "https address, github, or eventbridge:<bus> on AWS" };
        var events = new Option<string?>("--events")
        {
            HelpName = "events",
            Description = $"{string.Join(", ", HookEvents.Groups)}, or kinds, with commas between",
        };
        var format = new Option<string?>("--format")
        { HelpName = "json|slack|github", Description = "What is sent (default: what the address suggests)" };
        format.AcceptOnlyFromAmong("json", "slack", "github");
        var token = new Option<string?>("--token-file")
        { HelpName = "file", Description = "File with GitHub's token; - is standard input" };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "Allow private networks, this machine, and http" };
        return new Command("add", "Add a hook: deliver events from now on") { target, events, format, token, allowPrivate }
            .Example("dotnet convox hooks add https://example.org/hooks", "signed JSON; the secret is printed once")
            .Example("dotnet convox hooks add https://hooks.slack.com/services/T0/B0/X0 --events promotionEnded")
            .Example("gh auth token | dotnet convox hooks add github --token-file -", "deployments on GitHub")
            .SetHandler(host, (call, cancel) => Add(
                call, app => new(
                    app, call.Value(target)!, call.Value(events), FormatOf(call.Value(format)), Token(call, call.Value(token)),
                    call.Value(allowPrivate)),
                cancel));
    }

    private static async Task Add(Invocation call, Func<App, NewHook> request, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        // The token may be read from a terminal or a pipe, which can't be interrupted.
        var asked = await Task.Run(() => request(app), CancellationToken.None).WaitAsync(cancel);
        var added = await new AddHook(call.Operations(rack)).Run(asked, cancel);
        var status = new HookStatus(added.Hook, HookProgress.Of(added.Hook));
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, HookView.Of(status, added.Secret), OutputJson.Indented.HookView);
        }
        else
        {
            var facts = HookText.Facts(status, call.Now);
            if (added.Secret is { } secret) facts.Add("Secret", secret);
            facts.Write(call.Terminal);
        }

        call.Say(
            added.Secret is null
                ? "New events are delivered there."
                : "New events are delivered there. The secret isn't shown again.",
            Remedy.Do(Operation.TestHook, "Test it", added.Hook.Id.ToString()));
    }

    private static HookFormat? FormatOf(string? text) => text switch
    {
        null => null,
        "slack" => HookFormat.Slack,
        "github" => HookFormat.GitHub,
        _ => HookFormat.Json,
    };

    /// <summary>Reads the token from a file or standard input, because every user of the machine can read a process's arguments.</summary>
    private static string? Token(Invocation call, string? file)
    {
        if (file is null) return null;
        if (file == StandardInput.Argument)
            return StandardInput.Read(call.Terminal, ProblemCode.Usage, input => input.ReadToEnd().Trim());
        try
        {
            using var reader = new StreamReader(Path.Combine(call.Folder, file));
            var buffer = new char[MaxToken];
            return new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            // The value may be the token itself, so the message doesn't repeat it.
            throw new Problem(
                ProblemCode.Usage, "can't read the token file; nothing changed.",
                "Name a file with the token, or '-' for standard input.", ProblemKind.Usage).ToException(unread);
        }
    }
}
