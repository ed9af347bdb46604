using System.Globalization;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// The clock of AWS, by the Date of its answers: limits are absolute, and whoever takes a promotion over has to mean the same by them.
/// A difference of less than a few seconds is left alone, as the Date has whole seconds and took its way.
/// </summary>
internal sealed class AwsClock(TimeProvider machine) : TimeProvider
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    private long _offset;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Learns from every answer of a client.</summary>
    public void LearnFrom(AmazonServiceClient client) => client.AfterResponseEvent += (_, answer) =>
    {
        if (answer is WebServiceResponseEventArgs { ResponseHeaders: { } headers } && headers.TryGetValue("Date", out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date)) Learn(date);
    };

    internal void Learn(DateTimeOffset date)
    {
        var offset = date - machine.GetUtcNow();
        Interlocked.Exchange(ref _offset, offset.Duration() > Tolerance ? offset.Ticks : 0);
    }
}
