using Releases.Testing;

namespace Releases.Local.Tests.Engine;

public sealed class LocalEngineKeepsTheContract : EngineContract
{
    protected override async Task<EngineWorld> Make() => await LocalEngineWorld.Make();
}
