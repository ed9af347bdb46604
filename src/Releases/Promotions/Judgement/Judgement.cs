using System.Globalization;

namespace Releases;

/// <summary>Decides whether new processes are worse than the old ones, based only on counts and limits.</summary>
public static class Judgement
{
    /// <summary>The minimum number of requests for a verdict before the end of the step, and for a p95 at any time.</summary>
    public const int MinRequests = 50;

    /// <summary>The smallest difference of the p95 that counts; machines vary by less on their own.</summary>
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50);

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
        var (p95, before) = (P95(fresh), P95(old));
        var verdict = new Verdict
        {
            Service = service,
            Outcome = VerdictOutcome.Good,
            Requests = fresh.Requests,
            Errors = fresh.Errors,
            P95 = Milliseconds(p95),
            RequestsBefore = old.Requests,
            ErrorsBefore = old.Errors,
            P95Before = Milliseconds(before),
        };
        if (fresh.Requests == 0) return verdict with { Outcome = VerdictOutcome.NotJudged, Reason = "not judged: no traffic" };
        if (Percent(fresh) > limits.Errors + Percent(old))
            return Bad($"answered {Text(Percent(fresh))} % with 5xx (before: {Text(Percent(old))} %)");
        if (staysSlow && IsSlow(limits, fresh, old))
            return Bad(
                $"answered 95 % of requests within {p95!.Value.TotalMilliseconds:0} ms (before: {before!.Value.TotalMilliseconds:0} ms)");
        return verdict;

        Verdict Bad(FormattableString why) =>
            verdict with { Outcome = VerdictOutcome.Bad, Reason = why.ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>Determines whether the new processes' p95 exceeds the limit; false if either side has too few requests for a p95.</summary>
    public static bool IsSlow(JudgeLimits limits, RequestCounts fresh, RequestCounts old) =>
        P95(fresh) is { } now && P95(old) is { } before && now > before * (double)limits.Latency && now - before >= MinDelay;

    private static decimal Percent(RequestCounts counts) => counts.Requests == 0 ? 0 : 100m * counts.Errors / counts.Requests;

    private static string Text(decimal percent) => percent.ToString("0.#", CultureInfo.InvariantCulture);

    private static TimeSpan? P95(RequestCounts counts) => counts.Requests >= MinRequests ? counts.P95 : null;

    private static double? Milliseconds(TimeSpan? time) => time is { } some ? Math.Round(some.TotalMilliseconds, 1) : null;
}
