using System.CommandLine;

namespace Releases.Tool;

/// <summary>Runs the tool: parses a command line, runs the command, and returns the exit code.</summary>
internal static class ConvoxTool
{
    private static ParserConfiguration Configuration { get; } = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> Run(string[] args, ToolHost host, CancellationToken cancel)
    {
        if (args is [Suggestions.Word, .. var asked]) return Suggestions.Print(asked, host);
        if (args is []) args = ["--help"];
        if (args is ["help", .. var about]) args = [.. about, "--help"];
        var commands = Commands.All(host);
        string[] guarded = PassthroughArguments.Guard(NegativeNumbers.Join(args, commands), words => commands.Parse(words, Configuration));
        var parsed = commands.Parse(guarded, Configuration);
        // Even if the line can't be parsed, its --json is what the user wants.
        var isJson = GlobalOptions.IsOn(parsed, GlobalOptions.Json)
            || guarded.TakeWhile(a => a != "--").Contains(GlobalOptions.Json);
        var report = new ErrorReport(
            host.Terminal, GlobalOptions.Remedies(parsed, host), isJson, GlobalOptions.IsOn(parsed, GlobalOptions.Debug));
        if ((LossyArguments.Find(args) ?? TypographicDash.Find(guarded) ?? UsageErrors.Find(guarded, parsed)) is { } wrong)
            return report.Write(wrong.ToException());
        try
        {
            var code = await parsed.InvokeAsync(Through(host.Terminal), cancel);
            // Help and the version have no handler that reports it.
            return code == ExitCode.Success && host.Terminal.FinishedWithoutOutput() is { } lost ? report.Write(lost.ToException()) : code;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The one place that turns any failure into a sentence; --debug prints all of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return report.Write(failure);
        }
    }

    private static InvocationConfiguration Through(ITerminal terminal) => new()
    {
        Output = terminal.Out,
        Error = terminal.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };
}
