namespace Releases.Tool;

/// <summary>
/// Represents a release to which <c>deploy</c>, or <c>env set --promote</c>, has nothing new to add. If it is active and its services are
/// healthy, it isn't promoted, because replacing the processes would only disrupt them; otherwise it is promoted like a new one.
/// </summary>
/// <param name="Release">The release.</param>
/// <param name="Status">The app and its releases.</param>
/// <param name="IsServing">Whether it is active and all of its services are healthy.</param>
internal sealed record UnchangedRelease(Release Release, AppStatus Status, bool IsServing)
{
    public static async Task<UnchangedRelease> Read(App app, Release release, Rack rack, CancellationToken cancel)
    {
        var status = await AppStatus.Read(app, rack.Store, cancel);
        return new(release, status, app.Active == release.Id && await IsRunning(app, rack, cancel));
    }

    /// <summary>Reports what happens next.</summary>
    public void Say(Invocation call)
    {
        var label = Release.Label;
        call.Terminal.Say((IsServing, Status.App.Active == Release.Id) switch
        {
            (true, _) => $"Nothing changed since {label}, which is active, so nothing was promoted.",
            (_, true) => $"Nothing changed since {label}, which is active but isn't running as it should. Promoting it again.",
            _ => $"Nothing changed since {label}, which isn't active yet.",
        });
    }

    /// <summary>Determines whether the app is running. A rack that doesn't answer counts as not running.</summary>
    private static async Task<bool> IsRunning(App app, Rack rack, CancellationToken cancel)
    {
        try
        {
            return (await LiveStatus.Read(app, rack, cancel)).State == AppState.Running;
        }
        catch (ProblemException)
        {
            return false; // The promotion that follows hits the same failure and reports it.
        }
    }
}
