namespace Releases.Aws;

/// <summary>
/// A command at a terminal, in a task of its own. The container's own program waits for the session's command and exits as that did, so the
/// task ends with the session whatever becomes of the tool, and its exit code is the command's, which ECS Exec doesn't return.
/// </summary>
/// <param name="Folder">Where the two programs meet.</param>
internal sealed record InteractiveCommand(string Folder = "/tmp")
{
    /// <summary>How long a container without a session stays: the tool opens one as soon as ECS Exec is ready.</summary>
    private const int SecondsToConnect = 120;

    private string Process => $"{Folder}/.convox-run";

    /// <summary>The container's own program. ECS Exec is root, so the process is looked for and not signalled.</summary>
    public ProcessCommand Waiting => new()
    {
        Shell = $"""
            pwd > {Process}.folder
            left={SecondsToConnect}
            until [ -s {Process} ] || [ $left -eq 0 ]; do sleep 1; left=$((left - 1)); done
            [ -s {Process} ] || exit 124
            while [ -d /proc/$(cat {Process}) ]; do sleep 1; done
            exit $(cat {Process}.code 2>/dev/null || echo 137)
            """,
    };

    /// <summary>The session's command, in the folder that the container's own program was started in.</summary>
    public string InSession(ProcessCommand command) => ExecSession.InShell(
        $"echo $$ > {Process}; cd \"$(cat {Process}.folder)\"; {ExecSession.ShellText(command)}; echo $? > {Process}.code");
}
