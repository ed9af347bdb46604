using System.Globalization;

namespace Releases;

/// <summary>Decides whether new processes are worse than the old ones, based only on counts and limits.</summary>
public static class Judgment
{
    /// <summary>The minimum number of requests for a verdict before the end of the step, and for a p95 at any time.</summary>
    public const int MinRequests = 50;

    /// <summary>The smallest difference of the p95 that counts; machines vary by less on their own.</summary>
    internal static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>The shortest wait for an answer that counts as none; a process may answer its first requests as slowly.</summary>
    private static readonly TimeSpan MinPatience = TimeSpan.FromSeconds(5);

    /// <summary>The wait that counts as none where too little is known about the old processes.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>Returns the verdict, or null if it is too early for one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="limits">The limits of the comparison.</param>
    /// <param name="fresh">The requests of the new processes in this step.</param>
    /// <param name="old">The requests of the old processes to compare with.</param>
    /// <param name="isOver">Whether the time of the step is over.</param>
    /// <param name="staysSlow">Whether the new processes have been slow for longer than a process is after its start.</param>
    public static Verdict? Decide(
        ServiceName service, JudgeLimits limits, RequestCounts fresh, RequestCounts old, bool isOver, bool staysSlow)
    {
        if (fresh.Requests < MinRequests && !isOver) return null;
        var (p95, before, patience) = (P95(fresh), P95(old), Patience(limits, old));
        var (unanswered, unansweredBefore) = (fresh.UnansweredFor(patience), old.UnansweredFor(patience));
        var verdict = new Verdict
        {
            Service = service,
            Outcome = VerdictOutcome.Good,
            Requests = fresh.Requests,
            Errors = fresh.Errors,
            Unanswered = unanswered,
            P95 = Milliseconds(p95),
            RequestsBefore = old.Requests,
            ErrorsBefore = old.Errors,
            UnansweredBefore = unansweredBefore,
            P95Before = Milliseconds(before),
        };
        if (fresh.Requests == 0 && unanswered == 0)
            return verdict with { Outcome = VerdictOutcome.NotJudged, Reason = "not judged: no traffic" };
        var (errors, errorsBefore) = (Percent(fresh.Errors, fresh), Percent(old.Errors, old));
        if (errors > limits.Errors + errorsBefore)
        {
            var (now, then) = (Text(errors), Text(errorsBefore));
            return fresh.Failed == 0
                ? Bad($"answered {now} % with 5xx (before: {then} %)")
                : Bad($"failed {now} % of requests, {fresh.Failed} of them without a complete answer (before: {then} %)");
        }

        if (Percent(fresh.Errors + unanswered, fresh) > limits.Errors + Percent(old.Errors + unansweredBefore, old))
        {
            var (now, then) = (Text(Percent(unanswered, fresh)), Text(Percent(unansweredBefore, old)));
            return Bad($"left {now} % unanswered for {patience.TotalSeconds:0} s (before: {then} %)");
        }

        if (!staysSlow || Late(limits, fresh, old) is not { AreTooMany: true } late) return verdict;
        if (late.AreAnswers)
            return Bad(
                $"answered 95 % of requests within {p95!.Value.TotalMilliseconds:0} ms (before: {before!.Value.TotalMilliseconds:0} ms)");
        var (share, shareBefore, ms) = (Text(100 * late.Share), Text(100 * late.ShareBefore), late.Limit.TotalMilliseconds);
        return Bad(
            $"took more than {ms:0} ms for {share} % of requests, {late.GivenUp} of which clients gave up (before: {shareBefore} %)");

        Verdict Bad(FormattableString why) =>
            verdict with { Outcome = VerdictOutcome.Bad, Reason = why.ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>
    /// Determines whether the new processes' p95 exceeds the limit, counting clients that gave up; false if either side has too few
    /// requests for a p95.
    /// </summary>
    public static bool IsSlow(JudgeLimits limits, RequestCounts fresh, RequestCounts old) =>
        Late(limits, fresh, old) is { AreTooMany: true };

    private static LateRequests? Late(JudgeLimits limits, RequestCounts fresh, RequestCounts old) =>
        fresh.Requests >= MinRequests && P95(old) is { } before ? new(limits, fresh, old, before) : null;

    /// <summary>Returns how long a request may wait for its answer: longer than nearly all that the old processes answered.</summary>
    private static TimeSpan Patience(JudgeLimits limits, RequestCounts old)
    {
        if (old.Requests < MinRequests || old.Percentile(0.99) is not { } slowest) return DefaultPatience;
        var patience = slowest * (double)limits.Latency;
        return patience > MinPatience ? patience : MinPatience;
    }

    /// <summary>Requests that wait may be of an earlier step, so there may be more of them than of those counted.</summary>
    private static decimal Percent(long some, RequestCounts counts) =>
        some == 0 ? 0 : Math.Min(100, 100m * some / Math.Max(1, counts.Requests));

    private static string Text(decimal percent) => percent.ToString("0.#", CultureInfo.InvariantCulture);

    private static TimeSpan? P95(RequestCounts counts) => counts.Requests >= MinRequests ? counts.Percentile(0.95) : null;

    private static double? Milliseconds(TimeSpan? time) => time is { } some ? Math.Round(some.TotalMilliseconds, 1) : null;
}
