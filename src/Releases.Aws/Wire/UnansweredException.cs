namespace Releases.Aws;

/// <summary>A call that changes something was sent, and whether it took effect is not known: it has to be found out before anything else is done.</summary>
internal sealed class UnansweredException(AwsCall call, Exception cause)
    : Exception($"{call.Service} was sent {call} and did not answer to it: {AwsProblems.Said(cause)}.", cause)
{
    /// <summary>The same of an operation of ECS.</summary>
    public UnansweredException(string operation, Exception cause)
        : this(new AwsCall("ECS", "ecs", operation, null), cause)
    {
    }
}
