namespace Releases.Aws;

/// <summary>Has every open promotion of the rack driven: those that are handed over at once, others when their driver is gone.</summary>
internal sealed class OpenPromotions(IReleaseStore store, PromotionSupervisor supervisor, Action<string> report, TimeProvider time)
{
    /// <summary>While nothing is open each look is one read of the table, which is paid for.</summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(2);

    /// <summary>Versions before 0.2 list no open promotion, so every app is looked at now and then.</summary>
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromHours(1);

    private readonly HashSet<AppName> _leftToNewer = [];
    private long? _searched;
    private IReadOnlyList<AppName> _found = [];

    public PeriodicDuty Duty => new("Looking for open promotions", Look);

    private async Task<TimeSpan> Look(CancellationToken cancel)
    {
        var listed = await store.ListPromoting(cancel);
        if (_searched is null || time.GetElapsedTime(_searched.Value) >= BetweenSearches)
        {
            _found = [.. (await store.ListApps(cancel)).Select(a => a.Name)];
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

    /// <summary>Whether the app has an open promotion; it is driven then. One of a newer version keeps no other app waiting.</summary>
    private async Task<bool> IsOpen(AppName app, CancellationToken cancel)
    {
        try
        {
            if (await store.FindLock(app, cancel) is null) return false;
            await supervisor.EnsureDriven(app, cancel);
            return true;
        }
        catch (ProblemException newer) when (newer.Is(ProblemCode.NewerFormat))
        {
            if (_leftToNewer.Add(app)) report($"the promotion of {app} is left to a newer agent: {newer.Problems[0].Message}");
            return false;
        }
    }
}
