using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

[Collection(LocalEngineWorld.OneAtATime)]
public sealed class LocalEngineKeepsTheContract : EngineContract
{
    protected override async Task<EngineWorld> Make() => await LocalEngineWorld.Make();
}
