namespace Releases.Local;

/// <summary>The table in force. Swapped as a whole, and read again after a target was counted: none is used that was swapped out.</summary>
internal sealed class Routes(TimeProvider time)
{
    private Edition _current = new(RouteTable.Empty(routerPort: 0));

    public RouteTable Current => Volatile.Read(ref _current).Table;

    public void Publish(RouteTable table)
    {
        var before = Interlocked.Exchange(ref _current, new Edition(table));
        var now = table.Targets.ToHashSet();
        foreach (var target in now) target.Connections.Retire(false);
        foreach (var target in before.Table.Targets)
            if (!now.Contains(target)) target.Connections.Retire(true);
        before.Replaced.TrySetResult();
    }

    /// <summary>
    /// Counts a request in at a target, unless the table that it was chosen from is no longer the one in force. Counting
    /// first and looking after is what lets <see cref="Drained"/> trust a count of zero once a target is swapped out.
    /// </summary>
    public bool TryEnter(RouteTarget target, RouteTable chosenFrom)
    {
        target.Enter();
        if (Current == chosenFrom) return true;
        target.Leave();
        return false;
    }

    /// <summary>Waits for another table than this one; false when none came in time.</summary>
    public async Task<bool> Replaced(RouteTable table, TimeSpan limit, CancellationToken cancel)
    {
        var edition = Volatile.Read(ref _current);
        return edition.Table != table || await Within(edition.Replaced.Task, limit, cancel);
    }

    /// <summary>Waits until a target that was swapped out has nothing in flight; false when the limit passed first.</summary>
    public Task<bool> Drained(RouteTarget target, TimeSpan limit, CancellationToken cancel) => Within(target.Idle(), limit, cancel);

    private async Task<bool> Within(Task task, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            await task.WaitAsync(limit, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed record Edition(RouteTable Table)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
