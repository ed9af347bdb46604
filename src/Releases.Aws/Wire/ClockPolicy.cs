using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Releases.Aws;

/// <summary>
/// Lets the SDK retry only if this machine's clock was wrong, with the time corrected by the response's Date; the rejected call did
/// nothing. All other retries are up to <see cref="AwsCalls"/>, which knows what is harmless when repeated.
/// </summary>
internal sealed class ClockPolicy() : StandardRetryPolicy(maxRetries: 1)
{
    public static void Install(RuntimePipeline pipeline) => pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new ClockPolicy()));

    public override bool RetryForException(IExecutionContext executionContext, Exception exception) => false;

    public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) => Task.FromResult(false);

    public override bool CanRetry(IExecutionContext executionContext) => true;

    public override bool OnRetry(IExecutionContext executionContext) => true;

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity) => true;

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError) => true;

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext) => Task.CompletedTask;
}
