using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Runs <c>release</c> and <c>verify</c> commands with the new release's code and environment, without a port.</summary>
internal sealed class ReleaseCommands(ReleaseProcesses processes, TimeProvider time)
{
    /// <summary>The variable with the address for a <c>verify</c> command to test.</summary>
    private const string Target = "TARGET_URL";

    /// <summary>Runs the release command of a service until it ends. Cancellation stops it gracefully.</summary>
    public Task<CommandEnd> Release(Revision revision, CancellationToken cancel) =>
        Run("release", revision.Service.Release!, revision, cancel);

    /// <summary>Runs the verify command of a service until it ends. Cancellation stops it gracefully.</summary>
    /// <param name="revision">The new release's service.</param>
    /// <param name="target">The address of a new process, or null if it has none.</param>
    /// <param name="cancel">A token that stops the command.</param>
    public Task<CommandEnd> Verify(Revision revision, string? target, CancellationToken cancel)
    {
        var environment = new Dictionary<string, string>(revision.Spec.Environment, StringComparer.Ordinal);
        // Without a trailing slash, as in `API_URL`, because scripts append a path.
        if (target is not null) environment[Target] = target.TrimEnd('/');
        return Run("verify", revision.Service.Verify!, revision with { Spec = revision.Spec with { Environment = environment } }, cancel);
    }

    private async Task<CommandEnd> Run(string kind, ProcessCommand command, Revision revision, CancellationToken cancel)
    {
        var (service, output) = (revision.Service, new OutputTail());
        var id = $"{service.Name}-{kind}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        var process = await processes.Start(id, revision, _ => StartCommand.For(command), port: null, output, cancel);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var cancelled = either.Token.WhenCanceled();
        if (await Task.WhenAny(process.Exited, cancelled) == cancelled) await process.Stop(service.TerminationGrace, time);
        await either.CancelAsync();
        return new(await process.Exited, output.All);
    }
}
