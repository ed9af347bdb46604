namespace Releases.Aws;

/// <summary>
/// Represents a command at a terminal, in a separate task. The container's main program waits for the session's command and exits with its
/// exit code. So the task ends with the session whatever happens to the tool, and its exit code is the command's, which ECS Exec doesn't
/// return.
/// </summary>
/// <param name="Folder">The folder in which the two programs exchange files.</param>
internal sealed record InteractiveCommand(string Folder = "/tmp")
{
    /// <summary>How long a container stays without a session; the tool opens one as soon as ECS Exec is ready.</summary>
    private const int SecondsToConnect = 120;

    private string Process => $"{Folder}/.convox-run";

    /// <summary>
    /// The container's main program. It polls for the command's process instead of signaling it, because ECS Exec runs as root.
    /// </summary>
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

    /// <summary>Returns the session's command, which runs in the folder in which the container's main program was started.</summary>
    public string InSession(ProcessCommand command) => ExecSession.InShell(
        $"echo $$ > {Process}; cd \"$(cat {Process}.folder)\"; {ExecSession.ShellText(command)}; echo $? > {Process}.code");
}
