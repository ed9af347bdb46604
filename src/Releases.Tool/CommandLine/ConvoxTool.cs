using System.CommandLine;

namespace Releases.Tool;

/// <summary>The program: reads a command line, does what it says, and gives the exit code.</summary>
internal static class ConvoxTool
{
    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    private static ParserConfiguration Configuration { get; } = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> Run(string[] args, Surroundings outside, CancellationToken cancel)
    {
        if (args is [Suggestions.Word, .. var asked]) return Suggestions.Print(asked, outside);
        if (args is []) args = ["--help"];
        if (args is ["help", .. var about]) args = [.. about, "--help"];
        var commands = Commands.All(outside);
        string[] guarded = PassedOn.Guard(args, words => commands.Parse(words, Configuration));
        var parsed = commands.Parse(guarded, Configuration);
        // Where the line cannot be understood, an option that was lost in it is still what the person wants.
        var isJson = parsed.GetValue<bool>(GlobalOptions.Json) || guarded.TakeWhile(a => a != "--").Contains(GlobalOptions.Json);
        var report = new ErrorReport(outside.Terminal, new(parsed.GetValue<string?>(GlobalOptions.App), parsed.GetValue<string?>(GlobalOptions.Rack)), isJson, parsed.GetValue<bool>(GlobalOptions.Debug));
        if ((TypographicDash.Find(guarded) ?? UsageErrors.Find(parsed)) is { } wrong) return report.Write(wrong.ToException());
        try
        {
            return await parsed.InvokeAsync(Through(outside.Terminal), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Interrupted;
        }
#pragma warning disable CA1031 // The one place that turns whatever went wrong into a sentence; --debug tells all of it.
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
