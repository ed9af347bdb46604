using Microsoft.Build.Utilities;

namespace Releases.Tasks;

/// <summary>The one place where expected failures become coded MSBuild errors; anything else is a bug and shows its stack.</summary>
internal static class ProblemLog
{
    /// <summary>Runs a task's work; false when it ended in errors, as MSBuild wants it.</summary>
    /// <param name="log">The build's log.</param>
    /// <param name="project">The file that problems without a place of their own are about.</param>
    /// <param name="remedies">Remedies as commands with the app and the rack that the build names.</param>
    /// <param name="work">The work.</param>
    public static bool Run(this TaskLoggingHelper log, string project, RemedyText remedies, Action work)
    {
        try
        {
            work();
        }
        catch (ProblemException problem)
        {
            foreach (var one in problem.Problems) log.LogProblem(one.WithUpdate(NewerFormat.UpdateTasks), project, remedies);
        }
        catch (OperationCanceledException)
        {
            log.LogError("the release was cancelled.");
        }
#pragma warning disable CA1031 // MSBuild shows an exception that leaves a task as its own crash; this shows it as ours, whole.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            log.LogErrorFromException(bug, showStackTrace: true, showDetail: true, file: null);
        }

        return !log.HasLoggedErrors;
    }

    public static void LogFinding(this TaskLoggingHelper log, Problem finding, RemedyText remedies) => log.LogWarning(
        null, finding.Code, null, finding.Location?.File, finding.Location?.Line ?? 0, finding.Location?.Column ?? 0, 0, 0, "{0}",
        remedies.Line(finding));

    private static void LogProblem(this TaskLoggingHelper log, Problem problem, string project, RemedyText remedies) => log.LogError(
        null, problem.Code, null, problem.Location?.File ?? project, problem.Location?.Line ?? 0, problem.Location?.Column ?? 0, 0, 0,
        "{0}", remedies.Line(problem));
}
