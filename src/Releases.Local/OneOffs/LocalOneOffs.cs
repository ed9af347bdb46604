using System.Diagnostics;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// Runs one-off processes as children of the calling command. They use its terminal or pipes directly, or print to the caller, and need no
/// daemon. An <see cref="OneOffSupervisor"/> runs between the two.
/// </summary>
internal sealed class LocalOneOffs(LocalHome home, LocalArtifactStore artifacts, TimeProvider time) : IOneOffs
{
    /// <summary>The variables that tell a program how to draw on its terminal.</summary>

    /// <summary>How long to wait for the remaining output of a process that has ended.</summary>
    private static readonly TimeSpan RestOfOutput = TimeSpan.FromSeconds(5);

    public async Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel)
    {
        LocalDaemon.RequireSystem();
        var artifact = oneOff.Service.Content.Artifact!;
        if (new MachineCheck().CanRun(artifact, oneOff.Service.Environment) is { } problem) throw problem.ToException();

        var folders = new OneOffFolders(home, artifacts, time);
        folders.Sweep();
        using var folder = await folders.Make($"{oneOff.Service.Service.Name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
            artifact, cancel);
        using var launcher = new ProcessLauncher();
        cancel.ThrowIfCancellationRequested();
        return await caller.LeaveTo(() => Supervise(launcher, StartOf(oneOff, folder, caller.HasTerminal), caller, cancel));
    }

    private async Task<int> Supervise(ProcessLauncher launcher, ProcessStartInfo start, IOneOffCaller caller, CancellationToken cancel)
    {
        using var supervisor = await launcher.Start(start);
        var printed = start.RedirectStandardOutput ? Print(supervisor, caller) : Task.CompletedTask;
        await using var _ = cancel.Register(() => NativeProcess.kill(supervisor.Id, NativeProcess.SIGTERM));
        await supervisor.WaitForExitAsync(CancellationToken.None);
        // A process of another user may outlive it and keep the pipe open.
        await Task.WhenAny(printed, Task.Delay(RestOfOutput, time, CancellationToken.None));
        return supervisor.ExitCode;
    }

    private static async Task Print(Process process, IOneOffCaller caller)
    {
        process.StandardInput.Close();
        var gate = new Lock();
        void PrintOne(string line, bool isError)
        {
            lock (gate) caller.Print(line, isError);
        }

        await Task.WhenAll(
            OutputReader.Read(process.StandardOutput.BaseStream, line => PrintOne(line, isError: false)),
            OutputReader.Read(process.StandardError.BaseStream, line => PrintOne(line, isError: true)));
    }

    private ProcessStartInfo StartOf(OneOff oneOff, OneOffFolder folder, bool hasTerminal)
    {
        var tool = ToolCommand.Current();
        var service = oneOff.Service.Service;
        var start = new ProcessStartInfo(tool.Program,
            [.. tool.Arguments, .. OneOffSupervisor.Arguments(folder, service.TerminationGrace), .. StartCommand.For(oneOff.Command)])
        {
            UseShellExecute = false,
            RedirectStandardInput = !hasTerminal,
            RedirectStandardOutput = !hasTerminal,
            RedirectStandardError = !hasTerminal,
        };
        var environment = new ProcessEnvironments(home, key => ServiceUrls.FindPort(home, key))
            .For(new(oneOff.App.Name, service.Name), oneOff.Service, port: null);
        ProcessStart.Fill(start, hasTerminal ? [.. ProcessStart.Inherited, .. ProcessStart.Terminal] : ProcessStart.Inherited, environment);
        return start;
    }
}
