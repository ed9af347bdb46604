using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>What DynamoDB answers where it means something of its own for a rack.</summary>
internal static class DynamoProblems
{
    public static Problem? From(Exception failure, string table) => failure switch
    {
        ResourceNotFoundException => new(
            ProblemCode.NoRack, $"there is no table '{table}', so this rack doesn't exist yet. Nothing was stored.", Remedy.Do(
                Operation.InitializeRack, "Create it")),
        _ => AwsProblems.From(failure, $"the table {table}"),
    };

    /// <summary>Others wrote the same items again and again.</summary>
    public static Problem Busy(string table) => new(
        ProblemCode.StoreBusy,
        $"others kept writing the same records in the table {table} for {Duration.Text(Table.RetryFor)}, "
            + "so this command couldn't store anything.", "Run the command again.");

    /// <summary>DynamoDB refused parts of a transaction for now.</summary>
    public static Problem Throttled(string table, string code) => new(
        ProblemCode.Unavailable,
        $"DynamoDB throttles TransactWriteItems on the table {table}: {code} (retried for {Duration.Text(Table.RetryFor)}). "
            + "Nothing was stored.", "Run the command again in a moment.");
}
