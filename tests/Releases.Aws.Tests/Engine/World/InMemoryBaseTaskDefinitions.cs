using System.Collections.Concurrent;

namespace Releases.Aws.Tests.Engine;

/// <summary>Base task definitions in memory. They keep the same contract as those in DynamoDB.</summary>
internal sealed class InMemoryBaseTaskDefinitions : IBaseTaskDefinitionStore
{
    private readonly ConcurrentDictionary<(AppName, ServiceName), RecordedBase> _recorded = new();

    public Task<RecordedBase?> ReadBase(AppName app, ServiceName service, CancellationToken cancel) =>
        Task.FromResult(_recorded.GetValueOrDefault((app, service)));

    public Task<IReadOnlyList<ServiceName>> ListServices(AppName app, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ServiceName>>([.. _recorded.Keys.Where(k => k.Item1 == app).Select(k => k.Item2).Order()]);

    public Task SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel)
    {
        _recorded[(app, service)] = recorded;
        return Task.CompletedTask;
    }
}
