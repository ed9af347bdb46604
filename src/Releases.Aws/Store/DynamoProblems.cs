using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>The one place that turns what DynamoDB answers into problems; what is not listed is a bug.</summary>
internal static class DynamoProblems
{
    public static Problem? From(Exception failure, string table) => failure switch
    {
        ResourceNotFoundException => new(
            ProblemCode.NoRack, $"There is no table '{table}', so the rack is not there yet; nothing was stored.", "Make it with: dotnet convox rack init"),
        ProvisionedThroughputExceededException or RequestLimitExceededException => Busy(table),
        _ => AwsProblems.From(failure, $"the rack's table '{table}'"),
    };

    public static Problem Busy(string table) => new(
        ProblemCode.StoreBusy, $"Others wrote to the rack's table '{table}' all the time, so this command did not get its turn; nothing was stored.", "Run the command again.");
}
