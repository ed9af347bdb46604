namespace Releases.Local;

/// <summary>
/// Starts processes of a release in its working copy, with its environment, and writes their output to the service's log.
/// </summary>
internal sealed class ReleaseProcesses(
    WorkingCopies copies, ProcessEnvironments environments, ServiceProcessStarter starter, ServiceLogs logs, TimeProvider time)
{
    /// <param name="id">The name that the rack gives to the process.</param>
    /// <param name="revision">The release's service.</param>
    /// <param name="command">Returns the program and its arguments for the folder in which it starts.</param>
    /// <param name="port">The port of the process, or null if it has none.</param>
    /// <param name="output">Keeps the last lines of its output.</param>
    /// <param name="cancel">A token that cancels the preparation.</param>
    public async Task<ServiceProcess> Start(
        string id, Revision revision, Func<string, IReadOnlyList<string>> command, int? port, OutputTail output, CancellationToken cancel)
    {
        var key = new ServiceKey(revision.App, revision.Service.Name);
        var folder = await copies.Prepare(revision.App, revision.Release, revision.Spec, cancel);
        return await starter.Start(new(id, command(folder), folder, environments.For(key, revision.Spec, port)), (line, isError) =>
        {
            output.Add(line);
            logs.For(key).Write(time, id, revision.Release, line, isError);
        });
    }
}
