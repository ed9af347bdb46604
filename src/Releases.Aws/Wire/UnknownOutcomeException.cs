namespace Releases.Aws;

/// <summary>
/// The exception that is thrown when a change was sent and it is unknown whether it took effect, which has to be determined before anything
/// else is done.
/// </summary>
internal sealed class UnknownOutcomeException(AwsCall call, Exception cause)
    : Exception($"{call.Service} didn't answer {call}: {AwsProblems.Reason(cause)}.", cause)
{
    /// <summary>Initializes an exception for an operation of ECS.</summary>
    public UnknownOutcomeException(string operation, Exception cause)
        : this(new AwsCall("ECS", "ecs", operation, null), cause)
    {
    }
}
