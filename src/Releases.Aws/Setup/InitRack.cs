using Amazon.KeyManagementService.Model;

namespace Releases.Aws;

/// <summary>Creates what is missing of a rack's table and key. Everything else is created when it is first used.</summary>
internal static class InitRack
{
    /// <summary>
    /// Creates the resources, and reports as it goes, on one line each, what existed, what was created, and what couldn't be.
    /// </summary>
    public static async Task Run(AwsAddress address, AwsConnection aws, Action<string> tell, CancellationToken cancel)
    {
        await aws.RequireCredentials(cancel);
        using var table = aws.Table();
        using var kms = aws.Keys();
        var calls = aws.Calls(CallLimits.Setup);
        string? made = null;
        try
        {
            tell(await Table(table, AwsNames.Table(address.Cluster), aws.Time, calls, cancel));
            made = $"the table {AwsNames.Table(address.Cluster)}";
            tell(await Recovery(table, AwsNames.Table(address.Cluster), calls, cancel));
            tell(await Key(kms, address, calls, cancel));
        }
        catch (ProblemException failure)
        {
            throw Stopped(failure.Problems[0], made).ToException(failure);
        }
        catch (Exception failure) when (AwsProblems.From(failure, "AWS") is { } problem)
        {
            throw Stopped(problem, made).ToException(failure);
        }
    }

    /// <summary>Returns the key's id. Fails with <see cref="NotFoundException"/>, or as the call does.</summary>
    internal static Task<string> Describe(KeyClient kms, string alias, AwsCalls calls, CancellationToken cancel) => calls.Retry(
        CallTo("DescribeKey", alias), async token => (await kms.DescribeKeyAsync(alias, token)).KeyMetadata?.KeyId
            ?? throw new UnreadableResponseException("it has no KeyMetadata"), cancel);

    private static Problem Stopped(Problem problem, string? made) => problem with
    {
        Message = $"{problem.Message} The rack isn't complete yet: "
            + $"{(made is null ? "it is unknown whether its table and key exist" : $"{made} exists; it is unknown whether its key does")}.",
        Unchanged = null,
        Remedy = (problem.Remedy ?? Remedy.FromString("Try again.")).Or(Remedy.Do(Operation.InitializeRack, "Then continue")),
    };

    private static AwsCall CallTo(string action, string alias) => new("KMS", "kms", action, $"the key {alias}");

    private static async Task<string> Table(
        TableClient client, string table, TimeProvider time, AwsCalls calls, CancellationToken cancel) =>
        await RackTable.Create(
            client, table, time, calls,
            cancel) ? $"The table {table} was created: on demand, protected from deletion." : $"The table {table} exists.";

    private static async Task<string> Recovery(TableClient client, string table, AwsCalls calls, CancellationToken cancel)
    {
        try
        {
            await calls.Retry(
                Releases.Aws.Table.CallTo(table, "UpdateContinuousBackups"),
                token => client.UpdateContinuousBackupsAsync(
                    new() { TableName = table, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } },
                    token), cancel);
            return "Its point-in-time recovery is on.";
        }
        catch (Exception refused) when (AwsProblems.From(refused, table) is { } problem)
        {
            return $"Its point-in-time recovery couldn't be turned on: {problem.Message.TrimEnd('.')}. Turn it on in the DynamoDB console.";
        }
    }

    private static async Task<string> Key(KeyClient kms, AwsAddress address, AwsCalls calls, CancellationToken cancel)
    {
        var alias = AwsNames.Key(address.Cluster);
        try
        {
            await Describe(kms, alias, calls, cancel);
            return $"The key {alias} exists.";
        }
        catch (NotFoundException)
        {
        }

        // A key whose creation wasn't acknowledged costs money, and nobody would find it, so the request isn't repeated.
        var made = await calls.RetryIfNotDone(
            CallTo("CreateKey", alias),
            async token => (await kms.CreateKeyAsync(
                new CreateKeyRequest { Description = $"The environments of the Convox rack {address}." }, token)).KeyMetadata?.KeyId
                ?? throw new UnreadableResponseException("it has no KeyMetadata, so a key without an alias may have been made"),
            cancel);
        try
        {
            await calls.Retry(CallTo("CreateAlias", alias), token => kms.CreateAliasAsync(alias, made, token), cancel);
            return $"The key {alias} was created.";
        }
        catch (AlreadyExistsException)
        {
            // The response to our own request may have been lost.
            return await Describe(kms, alias, calls, cancel) == made
                ? $"The key {alias} was created."
                : $"The key {alias} was created by somebody else at the same moment. The key {made} isn't needed; schedule its deletion.";
        }
    }
}
