using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Makes what a rack needs and what is missing of it: its table and its key. Everything else is made when it is first used.</summary>
public static class InitRack
{
    /// <summary>What was there, what was made, and what could not be: a line each.</summary>
    public static async Task<IReadOnlyList<string>> Run(RackAddress.OnAws address, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var table = AwsRack.Table(address.Region);
        using var kms = AwsRack.Kms(address.Region);
        try
        {
            return [await Table(table, AwsNames.Table(address.Cluster), time, cancel), await Recovery(table, AwsNames.Table(address.Cluster), cancel), await Key(kms, address, cancel)];
        }
        catch (Exception failure) when (AwsProblems.OfCall(failure, "AWS") is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    private static async Task<string> Table(AmazonDynamoDBClient client, string table, TimeProvider time, CancellationToken cancel) =>
        await RackTable.Create(client, table, time, cancel) ? $"The table {table} was made: on demand, protected from deletion." : $"The table {table} is there.";

    private static async Task<string> Recovery(AmazonDynamoDBClient client, string table, CancellationToken cancel)
    {
        try
        {
            await client.UpdateContinuousBackupsAsync(new() { TableName = table, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } }, cancel);
            return "Its point-in-time recovery is on.";
        }
        catch (AmazonServiceException refused)
        {
            return $"Its point-in-time recovery could not be turned on: {refused.Message.TrimEnd('.')}. Turn it on where DynamoDB has it.";
        }
    }

    private static async Task<string> Key(AmazonKeyManagementServiceClient kms, RackAddress.OnAws address, CancellationToken cancel)
    {
        var alias = AwsNames.Key(address.Cluster);
        try
        {
            await kms.DescribeKeyAsync(alias, cancel);
            return $"The key {alias} is there.";
        }
        catch (NotFoundException)
        {
            // Made below.
        }

        var made = await kms.CreateKeyAsync(new CreateKeyRequest { Description = $"The environments of the Convox rack {address}." }, cancel);
        try
        {
            await kms.CreateAliasAsync(alias, made.KeyMetadata.KeyId, cancel);
            return $"The key {alias} was made.";
        }
        catch (AlreadyExistsException)
        {
            return $"The key {alias} was made by somebody else at the same moment; the key {made.KeyMetadata.KeyId}, which is of no use, can be scheduled for deletion.";
        }
    }
}
