namespace Releases.Tool;

/// <summary>
/// A release that <c>deploy</c> found nothing new to add to. If it is active and its services run, there is nothing to do, and replacing
/// the processes would only disturb; otherwise it is promoted, as a new one would be.
/// </summary>
/// <param name="Release">The release.</param>
/// <param name="Status">The app and its releases.</param>
/// <param name="IsServing">Whether it is active and all its services are healthy.</param>
internal sealed record UnchangedRelease(Release Release, AppStatus Status, bool IsServing)
{
    public static async Task<UnchangedRelease> Read(App app, Release release, Rack rack, CancellationToken cancel)
    {
        var status = await AppStatus.Read(app, rack.Store, cancel);
        return new(release, status, app.Active == release.Id && await IsRunning(app, rack, cancel));
    }

    /// <summary>Says what is done; as data, prints what a release that was made would be printed as.</summary>
    public void Print(Invocation call, bool idOnly)
    {
        var label = ReleaseLabel.Of(Release);
        call.Terminal.Say((IsServing, Status.App.Active == Release.Id) switch
        {
            (true, _) => $"Nothing changed since {label}, which is active, so nothing was promoted.",
            (_, true) => $"Nothing changed since {label}, which is active but isn't running as it should. Promoting it again.",
            _ => $"Nothing changed since {label}, which isn't active yet.",
        });
        if (idOnly) call.Terminal.Out.WriteLine(Release.Id);
        else if (call.Json) OutputJson.Write(call.Terminal.Out, ReleaseView.Of(Release, Status), OutputJson.Indented.ReleaseView);
    }

    /// <summary>A rack that can't be asked runs nothing that can be relied on.</summary>
    private static async Task<bool> IsRunning(App app, Rack rack, CancellationToken cancel)
    {
        try
        {
            return (await LiveStatus.Read(app, rack, cancel)).Status == "running";
        }
        catch (ProblemException)
        {
            return false; // The promotion that follows meets the same cause, and reports it.
        }
    }
}
