namespace Releases.Aws;

/// <summary>Represents one call to AWS, as described in the messages of its failures.</summary>
/// <param name="Service">The name of the service: <c>DynamoDB</c>.</param>
/// <param name="Permission">The prefix of the service's actions in IAM: <c>dynamodb</c>.</param>
/// <param name="Action">The operation.</param>
/// <param name="Resource">The resource of the call: <c>the table convox-production</c>; null if there is no specific one.</param>
internal sealed record AwsCall(string Service, string Permission, string Action, string? Resource)
{
    public override string ToString() => Resource is null ? Action : $"{Action} on {Resource}";
}

/// <summary>
/// Represents what is known about a failed call. It is stored in the exception's data, so that callers that handle an error code still see
/// the original exception.
/// </summary>
/// <param name="Call">The call.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="For">How long that took in total.</param>
internal sealed record FailedCall(AwsCall Call, int Attempts, TimeSpan For)
{
    private const string Key = "convox.call";

    /// <summary>Returns the call of a failure, or null if unknown.</summary>
    public static FailedCall? From(Exception failure) =>
        failure.Data[Key] as FailedCall ?? (failure.InnerException is { } inner ? From(inner) : null);

    public void AttachTo(Exception failure) => failure.Data[Key] = this;
}
