namespace Releases.Aws;

/// <summary>Runs a command in a task's container with ECS Exec.</summary>
internal sealed class EcsExec(EcsRunning running, ExecSession sessions) : IProcessExec
{
    public Task<int> Run(AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel)
    {
        var plugin = sessions.RequirePlugin();
        return AwsProblems.Translate("ECS", async () =>
        {
            var (task, container) = await running.FindTask(app, process, cancel) ?? throw Ended(process).ToException();
            return await sessions.Run(plugin, task, container, ExecSession.ShellText(command), caller, cancel);
        });
    }

    private static Problem Ended(RunningProcess process) => new(
        ProblemCode.Nothing, $"the task of {process.Id} has ended.", Remedy.Do(Operation.ListProcesses, "List processes"));
}
