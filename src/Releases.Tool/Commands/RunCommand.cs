using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary><c>run</c>: a one-off process with a release's code and environment; its exit code is the tool's.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private const string Words = "command";

    public static Command Create(ToolHost host)
    {
        var service = new Argument<string>("service") { Description = "Service whose code and environment the command gets" };
        var words = new Argument<string[]>(Words)
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Command and its arguments; a single word with spaces runs in sh -c",
        };
        var release = new Option<string?>("--release") { HelpName = "release", Description = "Release to run (default: active)" };
        return new Command(Name, "Run a one-off command with the code of a service") { service, words, release }
            .Example("dotnet convox run web ./Shop migrate")
            .Example("dotnet convox run web 'env | sort'", "in a shell")
            .Example("dotnet convox run --release v12 web ./Shop check", "with another release than the active one")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenToRead(cancel);
                var app = await rack.Store.RequireApp(call.App, cancel);
                ReleaseReference? of = call.Value(release) is { } named ? ReleaseReference.Parse(named) : null;
                return await new RunOneOff(rack, call.Time).Run(
                    app, of, ServiceName.Parse(call.Value(service)!), Command(call.Value(words)!), await call.By(rack, cancel), new Caller(call), cancel);
            });
    }

    /// <summary>Whether a command line has come to the command that is to be run.</summary>
    public static bool HasCommand(CommandResult run) =>
        run.Children.OfType<ArgumentResult>().Any(a => a.Argument.Name == Words && a.Tokens.Count > 0);

    private static ProcessCommand Command(string[] words) =>
        words is [var text] && text.Any(char.IsWhiteSpace) ? new() { Shell = text } : new() { Arguments = words };

    /// <summary>The user at the tool's terminal, or whatever is piped to it.</summary>
    private sealed class Caller(Invocation call) : IOneOffCaller
    {
        public void Print(string line) => call.Terminal.Out.WriteLine(call.Terminal.OutIsTerminal ? SafeText.WithColors(line) : line);

        public void Say(string line) => call.Terminal.Say(line);

        public async Task<int> LeaveTo(Func<Task<int>> process)
        {
            var code = ExitCode.Success;
            await call.LeaveTo(async () => code = await process());
            return code;
        }
    }
}
