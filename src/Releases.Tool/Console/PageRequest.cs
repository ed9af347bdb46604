using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Releases.Tool;

/// <summary>One request to the console.</summary>
internal sealed class PageRequest(HttpContext http, ConsoleContext console)
{
    public ConsoleContext Console => console;

    public HttpContext Http => http;

    public Rack Rack => console.Rack;

    public IReleaseStore Store => console.Rack.Store;

    public DateTimeOffset Now => console.Time.GetUtcNow();

    /// <summary>Ends when who asked goes away.</summary>
    public CancellationToken Cancel => http.RequestAborted;

    /// <summary>Who asks; null before signing in.</summary>
    public Session? Session => http.Items[typeof(Session)] as Session;

    /// <summary>How buttons promote: nobody waits at a page for as long as a promotion takes.</summary>
    public static PromoteOptions Promoting { get; } = new() { FinishesAbandoned = false };

    /// <summary>What an operation needs that a button begins.</summary>
    /// <param name="created">What to do about a release that it makes.</param>
    public OperationContext Operations(Action<Release>? created = null) =>
        new(Rack, console.Time, _ => Task.FromResult(console.By), new ConsoleNotes(console.Follower, created))
        {
            Trace = console.Traces.Begin(ofCaller: false),
        };

    /// <summary>The app that the address names.</summary>
    public AppName AppName => AppName.Parse(Route("app"));

    /// <summary>The app that the address names; null: it names none.</summary>
    public AppName? AppOfAddress => http.GetRouteValue("app") is string name && AppName.TryParse(name, null, out var app) ? app : null;

    public Task<App> App() => Store.RequireApp(AppName, Cancel);

    /// <summary>The release that the address names.</summary>
    public Task<Release> Release(App app) => Store.RequireRelease(app.Name, ReleaseReference, Cancel);

    /// <summary>How the address names the release.</summary>
    public ReleaseReference ReleaseReference => ReleaseReference.Parse(Route("release"));

    /// <summary>The hook that the address names.</summary>
    public HookId HookId => HookId.Parse(Route("hook"));

    /// <summary>The one-off command that the address, or that of the page for which a stream is, names.</summary>
    public OneOffRun Run() => FindRun() ?? throw new Problem(
        ProblemCode.NotFound, $"{AppName} has no such command. The console keeps the newest {OneOffRuns.MaxKept} until it stops.",
        Remedy.Do(Operation.ListEvents, "Who ran what")).ToException();

    public OneOffRun? FindRun() => (http.GetRouteValue("run") as string ?? Query("run")) is { } id ? console.Runs.Find(AppName, id) : null;

    /// <summary>The promotion that the address names.</summary>
    public Task<Promotion> Promotion(App app) => Store.RequirePromotion(app.Name, PromotionId.Parse(Route("promotion")), Cancel);

    /// <summary>Whether the page, or the one that a stream is for, is this promotion's own.</summary>
    public bool IsAbout(PromotionId promotion) => (http.GetRouteValue("promotion") as string ?? Query("about")) == promotion.ToString();

    /// <summary>Why the button that led here didn't do what it says; null: none led here, or it did.</summary>
    public ActionError? Error => Query(ActionError.Name) is { } name ? Session?.Errors.Find(name) : null;

    /// <summary>The address of this page without that error.</summary>
    public string HereWithoutError => ActionError.Without(http.Request.Path, http.Request.QueryString.Value ?? "");

    /// <summary>A value of the address after its question mark.</summary>
    public string? Query(string name) => http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>A number of the address after its question mark; null: there is none.</summary>
    public int? Number(string name) =>
        int.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A list of an app on one of its tabs: reads the releases that it names all at once, and the app's live status.</summary>
    public async Task<Page> List(string title, string tab, App app, IEnumerable<ReleaseId?> named, Slice list)
    {
        await console.Releases.Prepare(app.Name, named.OfType<ReleaseId>(), Cancel);
        return new(title, list) { AppStatus = await AppStatus.Read(app, Store, Cancel), Tab = tab };
    }

    /// <summary>A field of the form, which was read and checked before.</summary>
    public string? Field(string name) => http.Request.Form[name] is [{ } value, ..] ? value : null;

    private string Route(string name) => (string)http.GetRouteValue(name)!;
}
