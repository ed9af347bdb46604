using Releases.Testing;

namespace Releases.Aws.Tests.Store;

public sealed class DynamoReleaseStoreKeepsTheContract(DynamoDbLocal dynamo) : ReleaseStoreContract
{
    protected override async Task<IReleaseStore> Open() =>
        await DynamoReleaseStore.Open(dynamo.Client(), await dynamo.MakeTable(), TimeProvider.System, Cancel);
}
