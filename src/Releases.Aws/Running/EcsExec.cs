using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Runs a command in a task's container with ECS Exec: ECS opens a session, and AWS's session-manager-plugin connects the terminal to it,
/// called as the AWS CLI calls it.
/// </summary>
internal sealed class EcsExec(EcsRunning running, EcsClient ecs, AwsConnection aws) : IProcessExec
{
    private const string Plugin = "session-manager-plugin";

    public Task<int> Run(AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel)
    {
        // Without the plugin nobody could use the session, so none is opened.
        if (aws.Program(Plugin) is not { } plugin)
            throw new Problem(
                ProblemCode.NotSupported, $"{Plugin} isn't installed, and ECS Exec needs it.",
                "Install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html")
                .ToException();
        return AwsProblems.Translate("ECS", async () =>
        {
            var (task, container) = await running.FindTask(app, process, cancel) ?? throw Ended(process).ToException();
            var session = (await ecs.Execute(task.Arn, container, ShellText(command), cancel))["session"]!;
            var runtime = task.Container(container)?.Raw.Text("runtimeId");
            var target = new JsonObject { ["Target"] = $"ecs:{ecs.Cluster}_{EcsTask.IdIn(task.Arn)}_{runtime}" };
            string[] arguments = [session.ToJsonString(), aws.Region, "StartSession", AwsConnection.Profile,
                target.ToJsonString(), aws.EcsEndpoint];
            return await caller.LeaveTo(() => ForegroundProgram.Run(new ProcessStartInfo(plugin, arguments), p => p.Kill(), cancel));
        });
    }

    /// <summary>ECS takes one text, which it splits as a shell does.</summary>
    internal static string ShellText(ProcessCommand command) => command.Shell is { } text
        ? $"/bin/sh -c {Quoted(text)}" : string.Join(' ', command.Arguments.Select(a => a.Length > 0 && a.All(IsPlain) ? a : Quoted(a)));

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || "-_./:=@%+,".Contains(letter, StringComparison.Ordinal);

    private static Problem Ended(RunningProcess process) => new(
        ProblemCode.Nothing, $"the task of {process.Id} has ended.", Remedy.Do(Operation.ListProcesses, "List processes"));
}
