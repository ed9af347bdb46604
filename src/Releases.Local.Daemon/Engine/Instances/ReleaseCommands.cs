using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Runs <c>release</c> commands: with the new release's code and environment, and without a port.</summary>
internal sealed class ReleaseCommands(ReleaseProcesses processes, TimeProvider time)
{
    /// <summary>Runs the command of a service until it ends; cancelled, it is stopped gracefully.</summary>
    public async Task<CommandEnd> Run(Revision revision, CancellationToken cancel)
    {
        var (service, output) = (revision.Service, new OutputTail());
        var id = $"{service.Name}-release-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        var process = await processes.Start(id, revision, _ => StartCommand.For(service.Release!), port: null, output, cancel);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var cancelled = either.Token.WhenCanceled();
        if (await Task.WhenAny(process.Exited, cancelled) == cancelled) await process.Stop(service.TerminationGrace, time);
        await either.CancelAsync();
        return new(await process.Exited, output.All);
    }
}
