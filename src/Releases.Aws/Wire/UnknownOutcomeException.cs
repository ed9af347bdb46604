namespace Releases.Aws;

/// <summary>
/// A call that changes something was sent, and whether it took effect is unknown: that has to be determined before anything else is done.
/// </summary>
internal sealed class UnknownOutcomeException(AwsCall call, Exception cause)
    : Exception($"{call.Service} didn't answer {call}: {AwsProblems.Reason(cause)}.", cause)
{
    /// <summary>The same of an operation of ECS.</summary>
    public UnknownOutcomeException(string operation, Exception cause)
        : this(new AwsCall("ECS", "ecs", operation, null), cause)
    {
    }
}
