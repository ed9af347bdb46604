using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>What DynamoDB answers where it means something of its own for a rack.</summary>
internal static class DynamoProblems
{
    public static Problem? From(Exception failure, string table) => failure switch
    {
        ResourceNotFoundException => new(
            ProblemCode.NoRack, $"There is no table '{table}', so the rack is not there yet; nothing was stored.", "Make it with: dotnet convox rack init"),
        _ => AwsProblems.From(failure, $"the table {table}"),
    };

    /// <summary>Others wrote the same items again and again.</summary>
    public static Problem Busy(string table) => new(
        ProblemCode.StoreBusy, $"Others wrote the same records in the table {table} for {Duration.Text(Table.RetryFor)}, so this command did not get its turn; it stored nothing.", "Run the command again.");

    /// <summary>DynamoDB refused parts of a transaction for now.</summary>
    public static Problem Throttled(string table, string code) => new(
        ProblemCode.Unavailable, $"DynamoDB throttles TransactWriteItems on the table {table}: {code} (asked again for {Duration.Text(Table.RetryFor)}); nothing was stored.", "Run the command again in a moment.");
}
