namespace Releases;

/// <summary>
/// Represents the requests that took new processes longer than the old ones' p95 allows. A client that gave up after longer than that
/// didn't get its answer in time either. One that left earlier says nothing.
/// </summary>
internal sealed record LateRequests
{
    /// <summary>The share of requests that may be late, as in a p95, as a divisor.</summary>
    private const int OneOf = 20;

    private readonly long _answers;
    private readonly long _late;
    private readonly decimal _givenUpMore;
    private readonly bool _areMostOver;

    /// <param name="limits">The limits of the comparison.</param>
    /// <param name="fresh">The requests of the new processes.</param>
    /// <param name="old">The requests of the old processes.</param>
    /// <param name="before">The p95 of the old processes.</param>
    public LateRequests(JudgeLimits limits, RequestCounts fresh, RequestCounts old, TimeSpan before)
    {
        var factor = before * (double)limits.Latency;
        Limit = factor > before + Judgment.MinDelay ? factor : before + Judgment.MinDelay;
        (_answers, _late) = (Count(fresh.Latency, _ => true), Count(fresh.Latency, IsLate));
        GivenUp = Count(fresh.GivenUp, IsLate);
        _areMostOver = 2 * (_answers + Count(fresh.GivenUp, _ => true)) >= fresh.Requests;
        var (oldAnswers, oldGivenUp) = (Count(old.Latency, _ => true), Count(old.GivenUp, IsLate));
        Share = ShareOf(_late + GivenUp, _answers + GivenUp);
        ShareBefore = ShareOf(Count(old.Latency, IsLate) + oldGivenUp, oldAnswers + oldGivenUp);
        // Clients that always leave after some time, as with long polls, left the old processes, too.
        var usual = limits.Latency * ShareOf(oldGivenUp, oldAnswers + oldGivenUp) * (_answers + GivenUp);
        _givenUpMore = Math.Max(0, GivenUp - usual);

        bool IsLate(TimeSpan took) => took > factor && took - before >= Judgment.MinDelay;
    }

    /// <summary>The time beyond which a request is late.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The number of late requests whose client gave up.</summary>
    public long GivenUp { get; }

    /// <summary>The share of late requests, from 0 to 1.</summary>
    public decimal Share { get; }

    /// <summary>The share of the old processes' requests that took as long.</summary>
    public decimal ShareBefore { get; }

    /// <summary>Whether the p95 of the answers alone is beyond the limit.</summary>
    public bool AreAnswers => OneOf * _late > _answers;

    /// <summary>
    /// Whether the p95 is beyond the limit, counting the clients that gave up as far as more of them did than those of the old processes,
    /// once most requests aren't waiting: the first ones that give up say little of them.
    /// </summary>
    public bool AreTooMany => AreAnswers || (_areMostOver && OneOf * (_late + _givenUpMore) > _answers + _givenUpMore);

    private static long Count(IReadOnlyList<LatencyBucket> buckets, Func<TimeSpan, bool> isMeant) =>
        buckets.Where(b => isMeant(b.UpTo)).Sum(b => b.Count);

    private static decimal ShareOf(decimal some, decimal all) => all == 0 ? 0 : some / all;
}
