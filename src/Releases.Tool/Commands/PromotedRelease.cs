namespace Releases.Tool;

/// <summary>
/// Prints the release that a command makes and promotes: its text or id at once, and its JSON when the command ends, however it does, with
/// the status that it has then.
/// </summary>
internal sealed class PromotedRelease(Invocation call, Rack rack, bool idOnly) : IAsyncDisposable
{
    private Release? _last;

    public void Print(Release release)
    {
        if (call.Json && !idOnly) _last = release;
        else PrintRelease.Print(call, release, idOnly);
    }

    public async ValueTask DisposeAsync()
    {
        if (_last is not { } release) return;
        ReleaseView view;
        try
        {
            // Also after Ctrl-C, which detaches.
            var app = await rack.Store.RequireApp(release.App, CancellationToken.None);
            var now = await rack.Store.RequireRelease(release.App, release.Id, CancellationToken.None);
            view = ReleaseView.Of(now, await AppStatus.Read(app, rack.Store, CancellationToken.None));
        }
        catch (ProblemException unread)
        {
            call.Terminal.Say($"note: the status of the release can't be read now: {call.Remedies.Line(unread.Problems[0])}");
            view = ReleaseView.New(release);
        }

        OutputJson.Write(call.Terminal.Out, view, OutputJson.Indented.ReleaseView);
    }
}
