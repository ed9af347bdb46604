namespace Releases.Local;

/// <summary>Provides a time of which only differences count, because nobody can set it.</summary>
internal static class MonotonicTime
{
    public static DateTimeOffset GetMonotonicNow(this TimeProvider time) => DateTimeOffset.UnixEpoch + time.GetElapsedTime(0);
}
