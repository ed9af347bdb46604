using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>Creates the rack's table.</summary>
internal static class RackTable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Creates the table with on-demand capacity and deletion protection, and marks it as a rack's; an existing one isn't changed. Returns
    /// whether it was created.
    /// </summary>
    public static async Task<bool> Create(IAmazonDynamoDB client, string table, TimeProvider time, AwsCalls calls, CancellationToken cancel)
    {
        var isNew = true;
        try
        {
            await calls.Retry(
                Table.CallTo(table, "CreateTable"),
                token => client.CreateTableAsync(new CreateTableRequest
                {
                    TableName = table,
                    AttributeDefinitions = [new(Keys.Partition, ScalarAttributeType.S), new(Keys.Sort, ScalarAttributeType.S)],
                    KeySchema = [new(Keys.Partition, KeyType.HASH), new(Keys.Sort, KeyType.RANGE)],
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    DeletionProtectionEnabled = true,
                }, token),
                cancel);
        }
        catch (ResourceInUseException)
        {
            // It exists, or someone is creating it at this moment.
            isNew = false;
        }

        while (await Status(client, table, calls, cancel) != TableStatus.ACTIVE) await calls.Pause(Pause, cancel);
        await new Table(client, table, time, calls).TryWrite([Write.PutNew(table, RackFormat.Item())], cancel);
        return isNew;
    }

    private static Task<TableStatus> Status(IAmazonDynamoDB client, string table, AwsCalls calls, CancellationToken cancel) => calls.Retry(
        Table.CallTo(table, "DescribeTable"),
        async token => (await client.DescribeTableAsync(table, token)).Table?.TableStatus
            ?? throw new UnreadableResponseException("it has no TableStatus"), cancel);
}
