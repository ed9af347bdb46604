using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Releases.Aws;

/// <summary>
/// The SDK sends again only where this machine's clock was wrong, corrected by the answer's Date: that did nothing. Whatever else is
/// sent again, and when, is for <see cref="AwsCalls"/>, which knows what is harmless when repeated.
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
