using Releases.Testing;

namespace Releases.Aws.Tests.Engine;

public sealed class EcsEngineKeepsTheContract(DynamoDbLocal dynamo) : EngineContract
{
    protected override async Task<EngineWorld> Make() => await EcsWorld.Make(dynamo);
}
