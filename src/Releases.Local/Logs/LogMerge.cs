namespace Releases.Local;

/// <summary>Merges several sequences of lines, each ordered by time, into one; holds one line of each in memory.</summary>
internal static class LogMerge
{
    public static IEnumerable<LogLine> Merge(IEnumerable<IEnumerable<LogLine>> sources, bool newestFirst)
    {
        var sign = newestFirst ? -1 : 1;
        var next = new PriorityQueue<(IEnumerator<LogLine> Lines, int Number), (long At, int Number)>();
        try
        {
            foreach (var (number, source) in sources.Index()) Put(source.GetEnumerator(), number);
            while (next.TryDequeue(out var source, out _))
            {
                yield return source.Lines.Current;
                Put(source.Lines, source.Number);
            }
        }
        finally
        {
            foreach (var (source, _) in next.UnorderedItems) source.Lines.Dispose();
        }

        void Put(IEnumerator<LogLine> lines, int number)
        {
            if (lines.MoveNext()) next.Enqueue((lines, number), (sign * lines.Current.At.UtcTicks, sign * number));
            else lines.Dispose();
        }
    }
}
