using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Releases.Tool;

/// <summary>Represents a request to the console.</summary>
internal sealed class PageRequest(HttpContext http, ConsoleContext console)
{
    public ConsoleContext Console => console;

    public HttpContext Http => http;

    public Rack Rack => console.Rack;

    public IReleaseStore Store => console.Rack.Store;

    public DateTimeOffset Now => console.Time.GetUtcNow();

    /// <summary>Gets a token that is cancelled when the client disconnects.</summary>
    public CancellationToken Cancel => http.RequestAborted;

    /// <summary>Gets the session of the user, or null before signing in.</summary>
    public Session? Session => http.Items[typeof(Session)] as Session;

    /// <summary>
    /// Gets the options with which buttons promote. An abandoned promotion isn't finished first, because a page can't wait that long.
    /// </summary>
    public static PromoteOptions Promoting { get; } = new() { FinishesAbandoned = false };

    /// <summary>Returns the context of the operations that a button starts.</summary>
    /// <param name="created">The action to take for a release that an operation makes.</param>
    public OperationContext Operations(Action<Release>? created = null) =>
        new(Rack, console.Time, _ => Task.FromResult(console.By), new ConsoleNotes(console.Follower, created))
        {
            Trace = console.Traces.Begin(ofCaller: false),
        };

    /// <summary>Gets the app in the address. Fails if the name isn't valid.</summary>
    public AppName AppName => AppName.Parse(Route("app"));

    /// <summary>Gets the app in the address, or null if there is none.</summary>
    public AppName? AppOfAddress => http.GetRouteValue("app") is string name && AppName.TryParse(name, null, out var app) ? app : null;

    public Task<App> App() => Store.RequireApp(AppName, Cancel);

    /// <summary>Returns the release in the address. Fails if it doesn't exist.</summary>
    public Task<Release> Release(App app) => Store.RequireRelease(app.Name, ReleaseReference, Cancel);

    /// <summary>Gets the reference to the release in the address.</summary>
    public ReleaseReference ReleaseReference => ReleaseReference.Parse(Route("release"));

    /// <summary>Gets the hook in the address.</summary>
    public HookId HookId => HookId.Parse(Route("hook"));

    /// <summary>Returns the one-off command in the address of the page, or of the page that a stream is for.</summary>
    public OneOffRun Run() => FindRun() ?? throw new Problem(
        ProblemCode.NotFound, $"{AppName} has no such command. The console keeps the newest {OneOffRuns.MaxKept} until it stops.",
        Remedy.Do(Operation.ListEvents, "See who ran what")).ToException();

    public OneOffRun? FindRun() => (http.GetRouteValue("run") as string ?? Query("run")) is { } id ? console.Runs.Find(AppName, id) : null;

    /// <summary>Returns the promotion in the address. Fails if it doesn't exist.</summary>
    public Task<Promotion> Promotion(App app) => Store.RequirePromotion(app.Name, PromotionId.Parse(Route("promotion")), Cancel);

    /// <summary>Determines whether the page, or the page that a stream is for, is this promotion's own.</summary>
    public bool IsAbout(PromotionId promotion) => (http.GetRouteValue("promotion") as string ?? Query("about")) == promotion.ToString();

    /// <summary>Gets the error of the button that led to this page, or null if there is none.</summary>
    public ActionError? Error => Query(ActionError.Name) is { } name ? Session?.Errors.Find(name) : null;

    /// <summary>Gets the address of this page without that error.</summary>
    public string HereWithoutError => ActionError.Without(http.Request.Path, http.Request.QueryString.Value ?? "");

    /// <summary>
    /// Returns the page of an app from which the form was sent, and which shows again what was typed there; null if the browser doesn't
    /// name one.
    /// </summary>
    public string? Back() =>
        ActionError.BackFrom(http.Request) is not { } back ? null
        : TypedBeside.From(this) is { } typed && Session is { } session
            ? With(back, ActionError.MessageName, session.Messages.Put(new([]) { Beside = typed }))
        : back;

    /// <summary>Returns an address with one more query parameter.</summary>
    public static string With(string address, string name, string value) =>
        $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={value}";

    /// <summary>Returns a field of the form that was refused, or null if the error is of another form.</summary>
    /// <param name="action">The address that the form is sent to.</param>
    /// <param name="field">The name of the field.</param>
    public string? Typed(string action, string field) => Error is { } error && error.Action == action
        ? error.Fields.GetValueOrDefault(field) : null;

    /// <summary>Returns a query parameter, or null if it is missing or empty.</summary>
    public string? Query(string name) => http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Returns a query parameter as a number, or null if there is none.</summary>
    public int? Number(string name) =>
        int.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Creates the page of a list on one of an app's tabs. Reads all releases that the list names at once, and the app's status.
    /// </summary>
    public async Task<Page> List(string title, string tab, App app, IEnumerable<ReleaseId?> named, Slice list)
    {
        await console.Releases.Prepare(app.Name, named.OfType<ReleaseId>(), Cancel);
        return new(title, list) { AppStatus = await AppStatus.Read(app, Rack, Cancel), Tab = tab };
    }

    /// <summary>Returns a field of the form, which was read and checked before.</summary>
    public string? Field(string name) => http.Request.Form[name] is [{ } value, ..] ? value : null;

    private string Route(string name) => (string)http.GetRouteValue(name)!;
}
