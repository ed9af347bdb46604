namespace Releases;

/// <summary>Formats relative times, truncated: weeks of 7 days below 30 days, months of 30 days, years of 360 days.</summary>
public static class RelativeTime
{
    /// <summary>
    /// Returns <c>now</c> (also for times in the future, by another clock), <c>1 second ago</c>, <c>2 weeks ago</c>, and so on.
    /// </summary>
    public static string Of(DateTimeOffset then, DateTimeOffset now)
    {
        var age = now - then;
        return age switch
        {
            { TotalSeconds: < 1 } => "now",
            { TotalMinutes: < 1 } => Ago((int)age.TotalSeconds, "second"),
            { TotalHours: < 1 } => Ago((int)age.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Ago((int)age.TotalHours, "hour"),
            { TotalDays: < 7 } => Ago(age.Days, "day"),
            { TotalDays: < 30 } => Ago(age.Days / 7, "week"),
            { TotalDays: < 360 } => Ago(age.Days / 30, "month"),
            _ => Ago(age.Days / 360, "year"),
        };
    }

    /// <summary>Returns the same after a verb: <c>just now</c> instead of <c>now</c>.</summary>
    public static string InSentence(DateTimeOffset then, DateTimeOffset now) =>
        Of(then, now) is "now" ? "just now" : Of(then, now);

    private static string Ago(int number, string unit) => number == 1 ? $"1 {unit} ago" : $"{number} {unit}s ago";
}
