using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>run</c>: runs a one-off process with a release's code and environment; the tool exits with its exit code.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Create(ToolHost host)
    {
        var service = new Argument<string>("service") { Description = "Service whose code and environment the command gets" };
        var words = PassedCommand.Argument();
        var release = new Option<string?>("--release") { HelpName = "release", Description = "Release to run (default: active)" };
        var interactive = new Option<bool>("--interactive", "-it", "-i", "-t")
        {
            Description = "Attach your terminal, as for a shell (AWS)",
        };
        return new Command(Name, "Run a one-off command with the code of a service") { service, words, release, interactive }
            .Example("dotnet convox run web ./Shop migrate")
            .Example("dotnet convox run web 'env | sort'", "in a shell")
            .Example("dotnet convox run -it web bash", "a shell; on the local rack also without -it")
            .Example("dotnet convox run --release v12 web ./Shop check", "with another release than the active one")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenToRead(cancel);
                var app = await call.RequireOwnApp(rack, cancel);
                ReleaseReference? of = call.Value(release) is { } named ? ReleaseReference.Parse(named) : null;
                return await new RunOneOff(rack, call.Time).Run(
                    app, of, ServiceName.Parse(call.Value(service)!), ProcessCommand.FromWords(call.Value(words)!),
                    await call.By(rack, cancel), new TerminalCaller(call), cancel, call.Value(interactive));
            });
    }
}
