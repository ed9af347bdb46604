namespace Releases.Local;

/// <summary>
/// Holds the current route table, which is replaced as a whole. It is read again after a target was entered, so that no replaced table is
/// used.
/// </summary>
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
    /// Enters a target for a request, unless the table that it was chosen from has been replaced. Entering first and checking afterward is
    /// why <see cref="Drained"/> can trust a count of zero once a target is no longer in the table.
    /// </summary>
    public bool TryEnter(RouteTarget target, RouteTable chosenFrom)
    {
        target.Enter();
        if (Current == chosenFrom) return true;
        target.Leave();
        return false;
    }

    /// <summary>Waits until this table is replaced. Returns false if that doesn't happen in time.</summary>
    public async Task<bool> Replaced(RouteTable table, TimeSpan limit, CancellationToken cancel)
    {
        var edition = Volatile.Read(ref _current);
        return edition.Table != table || await Within(edition.Replaced.Task, limit, cancel);
    }

    /// <summary>
    /// Waits until a target that is no longer in the table has nothing in flight. Returns false if the limit passes first.
    /// </summary>
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
