using Releases.Testing;

namespace Releases.Aws.Tests.Engine;

public sealed class EcsEngineKeepsTheContract : EngineContract
{
    protected override async Task<EngineWorld> Make() => await EcsWorld.Start();
}
