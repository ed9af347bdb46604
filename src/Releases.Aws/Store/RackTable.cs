using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>Makes the rack's table.</summary>
internal static class RackTable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>On demand, protected from deletion, and marked as a rack's; one that is there already is left as it is. Whether it was made.</summary>
    public static async Task<bool> Create(IAmazonDynamoDB client, string table, TimeProvider time, CancellationToken cancel)
    {
        var isNew = true;
        try
        {
            await client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = table,
                    AttributeDefinitions = [new(Keys.Partition, ScalarAttributeType.S), new(Keys.Sort, ScalarAttributeType.S)],
                    KeySchema = [new(Keys.Partition, KeyType.HASH), new(Keys.Sort, KeyType.RANGE)],
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    DeletionProtectionEnabled = true,
                },
                cancel);
        }
        catch (ResourceInUseException)
        {
            // It is there, or somebody makes it at this moment.
            isNew = false;
        }

        while ((await client.DescribeTableAsync(table, cancel)).Table.TableStatus != TableStatus.ACTIVE) await Task.Delay(Pause, time, cancel);
        await new Table(client, table, time).TryWrite([Write.PutNew(table, RackFormat.Item())], cancel);
        return isNew;
    }
}
