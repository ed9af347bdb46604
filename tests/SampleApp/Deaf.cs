namespace SampleApp;

/// <summary>A host that no signal ends.</summary>
internal sealed class Deaf : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
