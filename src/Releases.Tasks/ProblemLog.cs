using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Releases.Tasks;

/// <summary>Logs failures as MSBuild errors with codes. Any that isn't expected is a bug; a detailed log has its stack trace.</summary>
internal static class ProblemLog
{
    private static readonly Remedy Update = Remedy.FromString("Update the package: dotnet package update Releases.Tasks");

    /// <summary>Runs a task's work. Returns false if errors were logged, as MSBuild requires.</summary>
    /// <param name="log">The build's log.</param>
    /// <param name="project">The file to report for problems without a location.</param>
    /// <param name="remedies">Formats remedies as commands for the build's app and rack.</param>
    /// <param name="work">The work.</param>
    public static bool Run(this TaskLoggingHelper log, string project, RemedyText remedies, Action work)
    {
        try
        {
            work();
        }
        catch (ProblemException problem)
        {
            foreach (var one in problem.Problems) log.LogProblem(one.WithUpdate(Update), project, remedies);
        }
        catch (OperationCanceledException)
        {
            log.LogError("the release was cancelled.");
        }
#pragma warning disable CA1031 // MSBuild reports an exception that escapes a task as its own crash; this reports it as ours, in full.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            log.LogProblem(
                new(ProblemCode.Unexpected, $"{bug.Message.ReplaceLineEndings(" ").TrimEnd('.')}.",
                    "Publish with -v:detailed for the stack trace; it may be a bug."),
                project, remedies);
            log.LogMessage(MessageImportance.Low, "{0}", bug.ToString());
        }

        return !log.HasLoggedErrors;
    }

    public static void LogFinding(this TaskLoggingHelper log, Problem finding, RemedyText remedies) => log.LogWarning(
        null, finding.Code, null, finding.Location?.File, finding.Location?.Line ?? 0, finding.Location?.Column ?? 0, 0, 0, "{0}",
        remedies.Line(finding));

    public static void LogProblem(this TaskLoggingHelper log, Problem problem, string project, RemedyText remedies) => log.LogError(
        null, problem.Code, null, problem.Location?.File ?? project, problem.Location?.Line ?? 0, problem.Location?.Column ?? 0, 0, 0,
        "{0}", remedies.Line(problem));
}
