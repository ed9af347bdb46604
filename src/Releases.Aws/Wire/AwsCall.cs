namespace Releases.Aws;

/// <summary>One call of AWS, in the words of its failures.</summary>
/// <param name="Service">The service's name: <c>DynamoDB</c>.</param>
/// <param name="Permission">What IAM's actions of the service begin with: <c>dynamodb</c>.</param>
/// <param name="Action">The operation.</param>
/// <param name="Resource">What it is about: <c>the table convox-production</c>; null: nothing in particular.</param>
internal sealed record AwsCall(string Service, string Permission, string Action, string? Resource)
{
    public override string ToString() => Resource is null ? Action : $"{Action} on {Resource}";
}

/// <summary>
/// What is known of a call that failed; it travels in the exception's data, so that whoever knows the code of a refusal still sees it.
/// </summary>
/// <param name="Call">The call.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="For">How long that took.</param>
internal sealed record FailedCall(AwsCall Call, int Attempts, TimeSpan For)
{
    private const string Key = "convox.call";

    /// <summary>The call that a failure is of; null: none is known.</summary>
    public static FailedCall? From(Exception failure) =>
        failure.Data[Key] as FailedCall ?? (failure.InnerException is { } inner ? From(inner) : null);

    public void AttachTo(Exception failure) => failure.Data[Key] = this;
}
