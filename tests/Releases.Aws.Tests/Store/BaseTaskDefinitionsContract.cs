using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

/// <summary>What every store of base task definitions keeps.</summary>
public abstract class BaseTaskDefinitionsContract
{
    private static readonly ServiceName Api = ServiceName.Parse("api");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<IBaseTaskDefinitionStore> Open();

    [Fact]
    public async Task What_was_not_recorded_is_not_there() => Assert.Null(await (await Open()).ReadBase(A.App, A.Web, Cancel));

    [Fact]
    public async Task What_was_recorded_last_is_read_whole_and_for_its_service_alone()
    {
        var store = await Open();
        var id = SnapshotId.New();
        await store.SaveBase(A.App, A.Web, new("arn:1", SnapshotId.New(), [1]), Cancel);
        await store.SaveBase(A.App, A.Web, new("arn:2", id, [2, 0, 3])
        { Name = "shop-web", RetiredCount = 4, Owed = new() { ["alarms"] = new JsonObject { ["enable"] = true } } }, Cancel);
        var read = (await store.ReadBase(A.App, A.Web, Cancel))!;
        Assert.Equal(("arn:2", id, 4, "2,0,3"), (read.Arn, read.SealedUnder, read.RetiredCount, string.Join(',', read.Sealed)));
        Assert.Equal("""{"alarms":{"enable":true}}""", read.Owed!.ToJsonString());
        Assert.Equal("shop-web", read.Name);
        Assert.Equal([A.Web], await store.ListServices(A.App, Cancel));
        Assert.Null(await store.ReadBase(A.App, Api, Cancel));

        await store.SaveBase(A.App, A.Web, read with { RetiredCount = null, Owed = null }, Cancel);
        var cleared = (await store.ReadBase(A.App, A.Web, Cancel))!;
        Assert.Equal((null, null), (cleared.RetiredCount, cleared.Owed));
    }
}

public sealed class BaseTaskDefinitionsInDynamoKeepTheContract(DynamoDbLocal dynamo) : BaseTaskDefinitionsContract
{
    private protected override async Task<IBaseTaskDefinitionStore> Open() =>
        (await DynamoReleaseStore.Open(dynamo.Client(), await dynamo.MakeTable(), TimeProvider.System, Cancel)).Bases;
}

public sealed class BaseTaskDefinitionsInMemoryKeepTheContract : BaseTaskDefinitionsContract
{
    private protected override Task<IBaseTaskDefinitionStore> Open() =>
        Task.FromResult<IBaseTaskDefinitionStore>(new InMemoryBaseTaskDefinitions());
}
