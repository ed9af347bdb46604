using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>Converts DynamoDB's errors that have a specific meaning for a rack.</summary>
internal static class DynamoProblems
{
    public static Problem? From(Exception failure, string table) => failure switch
    {
        ResourceNotFoundException => new(
            ProblemCode.NoRack, $"there is no table '{table}', so this rack doesn't exist yet.", Remedy.Do(
                Operation.InitializeRack, "Create it"), Unchanged: Problem.NothingWasStored),
        _ => AwsProblems.From(failure, $"the table {table}"),
    };

    /// <summary>Returns the problem that a record isn't what this program wrote.</summary>
    public static Problem Damaged(Key key) => new(
        ProblemCode.DamagedStore,
        $"the record {key.Partition} {key.Sort} of the rack's table is damaged or missing. Running services aren't affected.",
        "Restore it from a backup of the table.");

    /// <summary>Returns the problem that others kept writing the same items.</summary>
    public static Problem Busy(string table) => Problem.Unavailable(
        ProblemCode.StoreBusy,
        $"others kept writing the same records in the table {table} for {Duration.Text(Table.RetryFor)}, "
            + "so this command couldn't store anything.", "Run the command again.");

    /// <summary>Returns the problem that DynamoDB throttled parts of a transaction.</summary>
    public static Problem Throttled(string operation, string table, string code) => Problem.Unavailable(
        ProblemCode.Unavailable,
        $"DynamoDB throttles {operation} on the table {table}: {code} (retried for {Duration.Text(Table.RetryFor)}).",
        "Run the command again in a moment.",
        unchanged: Problem.NothingWasStored);
}
