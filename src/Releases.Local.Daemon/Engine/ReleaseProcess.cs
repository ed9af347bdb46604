using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>The process of a service's <c>release</c> command: the new release's code and environment, no port, its lines in the service's log.</summary>
internal sealed class ReleaseProcess(Rollout rollout, ServiceSpec spec, InstanceParts parts)
{
    private readonly ServiceKey _key = new(rollout.App.Name, spec.Service.Name);
    private readonly string _id = $"{spec.Service.Name}-release-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    private readonly OutputTail _lines = new();

    public async Task<CommandEnd> Run(CancellationToken cancel)
    {
        var folder = await parts.Copies.Prepare(rollout.App.Name, rollout.Release.Id, spec, cancel);
        var process = await ServiceProcess.Start(
            new(_id, StartCommand.For(spec.Service.Release!), folder, parts.Environment.For(_key, spec, port: null)), parts.ProcessLauncher, parts.Tool, parts.Records, Print, parts.Time);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = cancel.Register(stopped.SetResult);
        if (await Task.WhenAny(process.Exited, stopped.Task) == stopped.Task)
        {
            process.Terminate();
            await Task.WhenAny(process.Exited, Task.Delay(spec.Service.TerminationGrace, parts.Time, CancellationToken.None));
            if (!process.Exited.IsCompleted) process.Kill();
        }

        return new(await process.Exited, _lines.All);
    }

    private void Print(string line)
    {
        _lines.Add(line);
        parts.Logs.For(_key).Write(parts.Time, _id, rollout.Release.Id, line);
    }
}
