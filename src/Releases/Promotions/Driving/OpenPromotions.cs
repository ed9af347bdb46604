namespace Releases;

/// <summary>
/// Makes sure that the long-running process drives every open promotion of the rack: immediately if a promotion has no driver yet,
/// otherwise once its driver is gone.
/// </summary>
/// <param name="store">The store of the rack's records.</param>
/// <param name="ensureDriven">Drives the open promotion of an app, unless it has a driver.</param>
/// <param name="report">Receives a line for each app whose promotion can't be read.</param>
/// <param name="time">The clock.</param>
public sealed class OpenPromotions(
    IReleaseStore store, Func<AppName, CancellationToken, Task> ensureDriven, Action<string> report, TimeProvider time)
{
    private static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(2);

    /// <summary>Versions before 0.2 don't list open promotions, so every app is checked occasionally.</summary>
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromHours(1);

    private readonly HashSet<AppName> _left = [];
    private long? _searched;
    private IReadOnlyList<AppName> _found = [];

    /// <summary>The interval between checks while nothing is open. Each check is a read, which may cost money.</summary>
    public TimeSpan AtRest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The checks, as a duty.</summary>
    public PeriodicDuty Duty => new("Looking for open promotions", Look);

    private async Task<TimeSpan> Look(CancellationToken cancel)
    {
        var listed = await store.ListPromoting(cancel);
        if (_searched is null || time.GetElapsedTime(_searched.Value) >= BetweenSearches)
        {
            _found = await Search(cancel);
            _searched = time.GetTimestamp();
        }

        List<AppName> open = [];
        foreach (var app in listed.Union(_found))
        {
            if (await IsOpen(app, cancel)) open.Add(app);
        }

        _found = [.. open.Except(listed)];
        return open.Count > 0 ? WhileOpen : AtRest;
    }

    /// <summary>Returns the names of all apps, or none if a record can't be read; listed promotions are still driven.</summary>
    private async Task<IReadOnlyList<AppName>> Search(CancellationToken cancel)
    {
        try
        {
            return [.. (await store.ListApps(cancel)).Select(a => a.Name)];
        }
        catch (ProblemException unreadable) when (IsUnreadable(unreadable))
        {
            report($"only listed promotions are looked for: {unreadable.Problems[0].Message}");
            return [];
        }
    }

    /// <summary>
    /// Determines whether the app has an open promotion, and makes sure that it is driven. One that can't be read, such as of a newer
    /// version, doesn't hold up other apps.
    /// </summary>
    private async Task<bool> IsOpen(AppName app, CancellationToken cancel)
    {
        try
        {
            if (await store.FindLock(app, cancel) is null) return false;
            await ensureDriven(app, cancel);
            return true;
        }
        catch (ProblemException unreadable) when (IsUnreadable(unreadable))
        {
            if (_left.Add(app))
                report($"the promotion of {app} can't be driven here: {unreadable.Problems[0].Message}");
            return false;
        }
    }

    private static bool IsUnreadable(ProblemException failure) =>
        failure.Is(ProblemCode.NewerFormat) || failure.Is(ProblemCode.DamagedStore);
}
