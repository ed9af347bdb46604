using Releases.Local;

namespace Releases.Tool;

/// <summary>Turns a failure into a sentence on standard error and an exit code.</summary>
internal sealed class ErrorReport(ITerminal terminal, RemedyText remedies, bool json, bool debug)
{
    /// <summary>Reports what went wrong and returns the exit code.</summary>
    public int Write(Exception failure)
    {
        var problems = failure is ProblemException expected ? expected.Problems : [Unexpected(failure)];
        if (json) WriteJson(problems);
        else
            foreach (var problem in problems) WriteText(problem);
        if (debug) terminal.Say(failure.ToString());
        return ExitCode.Of(problems[0].Kind);
    }

    /// <summary>Writes a problem as an <see cref="ErrorLine"/>.</summary>
    private void WriteText(Problem problem)
    {
        var label = ErrorLine.Label(problem.Code, problem.Location is { } place ? SafeText.Line(place.ToString()) : null);
        terminal.Error.WriteLine(
            $"{(terminal is { ErrorIsTerminal: true, Color: true } ? TextStyle.Bad.Paint(label) : label)} "
                + $"{SafeText.Line(terminal.ErrorIsTerminal ? problem.Text : remedies.Line(problem))}");
        if (!terminal.ErrorIsTerminal || problem.Remedy is not { } remedy) return;
        foreach (var line in remedies.Lines(remedy)) terminal.Error.WriteLine($"  {SafeText.Line(line)}");
    }

    private void WriteJson(IReadOnlyList<Problem> problems)
    {
        var view = View(problems[0]);
        OutputJson.Write(
            terminal.Error, problems.Count > 1 ? view with { More = [.. problems.Skip(1).Select(View)] } : view,
            OutputJson.Indented.ErrorView);
    }

    private ErrorView View(Problem problem) => new(problem.Code, problem.Text, remedies.Line(problem.Remedy));

    private Problem Unexpected(
        Exception failure) => failure is IOException && DiskProblems.From(failure, "") is { Code: ProblemCode.DiskFull } full
        ? full with { Message = $"the disk is full: {OneLine(failure.Message)}" }
        : new(ProblemCode.Unexpected, $"{OneLine(failure.Message)}",
            debug ? null : "Run it with --debug for the stack trace; it may be a bug.");

    private static string OneLine(string text) => SafeText.Line(text.TrimEnd()) is var line && line.EndsWith('.') ? line : line + ".";
}
