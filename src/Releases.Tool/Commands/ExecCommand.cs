using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>exec</c>: runs a command beside a running process; the tool exits with the command's exit code.</summary>
internal static class ExecCommand
{
    public const string Name = "exec";

    public static Command Create(ToolHost host)
    {
        var process = new Argument<string>("process") { Description = "Process, as ps prints it" };
        var words = PassedCommand.Argument();
        return new Command(Name, "Run a command beside a running process") { process, words }
            .Example("dotnet convox exec web-4f21 bash", "a shell with its environment, in its folder")
            .Example("dotnet convox exec web-4f21 'env | sort'", "in sh -c")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenToRead(cancel);
                var app = await call.RequireOwnApp(rack, cancel);
                return await new RunInProcess(rack, call.Time).Run(
                    app, call.Value(process)!, ProcessCommand.FromWords(call.Value(words)!), await call.By(rack, cancel),
                    new TerminalCaller(call), cancel);
            });
    }
}
