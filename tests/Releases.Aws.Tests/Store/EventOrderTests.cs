using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

/// <summary>The event log of an app is one line, whatever the clocks of those who write it say.</summary>
public sealed class EventOrderTests(DynamoDbLocal dynamo)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_whose_clock_is_behind_writes_behind_what_was_read()
    {
        var table = await dynamo.MakeTable();
        await using var ahead = await DynamoReleaseStore.Open(dynamo.Client(), table, new FakeTimeProvider(A.Moment.AddMinutes(5)), Cancel);
        await using var behind = await DynamoReleaseStore.Open(dynamo.Client(), table, new FakeTimeProvider(A.Moment), Cancel);
        var release = await ahead.Release(cancel: Cancel);
        var held = await ahead.BeginPromotion(A.Promotion(release), "ahead", A.Event(EventKind.PromotionStarted), Cancel);
        var read = await ahead.LastPosition(A.App, Cancel);

        await behind.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
        await behind.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
        var taken = await behind.TakeOver((await behind.FindLock(A.App, Cancel))!, "behind", A.Event(EventKind.PromotionTakenOver), Cancel);
        var promotion = (await behind.FindPromotion(A.App, held.Promotion, Cancel))! with { Status = PromotionStatus.Failed };
        await behind.FinishPromotion(taken!, promotion, A.Event(EventKind.PromotionEnded), Cancel);

        Assert.Equal(
            [EventKind.PromotionApproved, EventKind.PromotionCancelRequested, EventKind.PromotionTakenOver, EventKind.PromotionEnded],
            (await ahead.EventsAfter(A.App, read, 10, Cancel)).Select(e => e.Event.Kind));
    }

    [Fact]
    public async Task What_an_older_version_wrote_is_before_what_comes_next()
    {
        var table = await dynamo.MakeTable();
        using var client = dynamo.Client();
        await using (var before = await DynamoReleaseStore.Open(dynamo.Client(), table,
            new FakeTimeProvider(A.Moment.AddMinutes(5)), Cancel))
            await before.App(cancel: Cancel);
        // An older version knows no such attribute, so its write of the app drops it.
        await client.UpdateItemAsync(
            new UpdateItemRequest { TableName = table, Key = Keys.Meta(A.App).Attributes(), UpdateExpression = "REMOVE lastEvent" },
            Cancel);

        await using var now = await DynamoReleaseStore.Open(dynamo.Client(), table, new FakeTimeProvider(A.Moment), Cancel);
        var read = await now.LastPosition(A.App, Cancel);
        await now.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled), Cancel);
        Assert.Equal(EventKind.Scaled, Assert.Single(await now.EventsAfter(A.App, read, 10, Cancel)).Event.Kind);
    }
}
