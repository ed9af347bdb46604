using System.Diagnostics;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// One-off processes as children of the command that asks for them: they have its terminal or pipes as they are, and need no
/// daemon. Between the two stands an <see cref="OneOffSupervisor"/>.
/// </summary>
internal sealed class LocalOneOffs(LocalHome home, LocalArtifactStore artifacts, TimeProvider time) : IOneOffs
{
    /// <summary>What tells a program how to draw on the terminal that it is given.</summary>
    private static readonly string[] Terminal = ["TERM", "COLORTERM"];

    public async Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel)
    {
        LocalDaemon.RequireSystem();
        var artifact = oneOff.Service.Content.Artifact!;
        if (new MachineCheck().CanRun(artifact) is { } problem) throw problem.ToException();

        var folders = new OneOffFolders(home, artifacts, time);
        folders.Sweep();
        using var folder = await folders.Make($"{oneOff.Service.Service.Name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
            artifact, cancel);
        using var launcher = new ProcessLauncher();
        cancel.ThrowIfCancellationRequested();
        return await caller.LeaveTo(() => Supervise(launcher, StartOf(oneOff, folder), cancel));
    }

    private static async Task<int> Supervise(ProcessLauncher launcher, ProcessStartInfo start, CancellationToken cancel)
    {
        using var supervisor = await launcher.Start(start);
        await using var _ = cancel.Register(() => NativeProcess.kill(supervisor.Id, NativeProcess.SIGTERM));
        await supervisor.WaitForExitAsync(CancellationToken.None);
        return supervisor.ExitCode;
    }

    private ProcessStartInfo StartOf(OneOff oneOff, OneOffFolder folder)
    {
        var tool = ToolCommand.Current();
        var service = oneOff.Service.Service;
        var start = new ProcessStartInfo(tool.Program,
            [.. tool.Arguments, .. OneOffSupervisor.Arguments(folder, service.TerminationGrace), .. StartCommand.For(oneOff.Command)])
        {
            UseShellExecute = false,
        };
        var environment = new ProcessEnvironments(home, key => ServiceUrls.FindPort(home, key))
            .For(new(oneOff.App.Name, service.Name), oneOff.Service, port: null);
        ProcessStart.Fill(start, [.. ProcessStart.Inherited, .. Terminal], environment);
        return start;
    }
}
