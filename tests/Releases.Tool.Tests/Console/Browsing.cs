using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A person at the console of a rack in memory, over HTTP: opens pages and presses buttons as a browser without scripts
/// does.</summary>
public abstract partial class Browsing : IAsyncLifetime
{
    private readonly HttpClient _client = NewClient();
    private readonly List<HttpClient> _others = [];
    private ConsoleServer? _server;
    private string _page = "";

    private protected FakeRack Rack { get; } = new();

    /// <summary>The address of the page that is open.</summary>
    private protected string Here { get; private set; } = "/";

    /// <summary>A quarter of an hour after everything in <see cref="A"/>.</summary>
    private protected WaitedForTime Time { get; } = new(A.Moment + TimeSpan.FromMinutes(15));

    /// <summary>The clock of the console.</summary>
    private protected virtual TimeProvider Clock => Time;

    private protected FakeTerminal Terminal { get; } = new();

    /// <summary>Who drives promotions.</summary>
    private protected ScriptedDriver Driver { get; }

    private protected ConsoleContext ConsoleContext { get; private set; } = null!;

    private protected ConsoleServer Server => _server!;

    private protected Uri Address => new(new Uri(Server.SignInUrl), "/");

    private protected static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>The token that somebody set; null: one is made up.</summary>
    private protected virtual string? Token => null;

    /// <summary>Whether others can reach the console.</summary>
    private protected virtual bool IsShared => false;

    private protected virtual Rack Opened => Rack;

    protected Browsing() => Rack.DrivenBy = Driver = new(Rack);

    public async ValueTask InitializeAsync()
    {
        var report = new ErrorReport(Terminal, new(null, null), json: false, debug: false);
        ConsoleContext = new(Opened, Clock, A.Person, new PromotionFollower(Opened, Clock, report), report, IsShared);
        _server = await ConsoleServer.Start(ConsoleContext, new(IPAddress.Loopback, Port: 0, Token), Terminal.Say, Ending);
        await Rack.Store.App(cancel: Ending);
        await Arrange();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _client.Dispose();
        _others.ForEach(o => o.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>What is there before somebody looks.</summary>
    private protected virtual async Task Arrange() => await Get(Server.SignInUrl);

    /// <summary>Opens a page.</summary>
    private protected async Task<Shown> Get(string path, Action<HttpRequestMessage>? with = null) =>
        await Send(HttpMethod.Get, path, null, with);

    /// <summary>
    /// Presses a button of the page that was opened last, with what its forms carry. Where that leads to why it was not done, or back to
    /// the same page, it is followed as a browser does: the answer is why, and the page is the one that is open then.
    /// </summary>
    private protected async Task<Shown> Press(string path, params (string Name, string Value)[] fields)
    {
        var hidden = HiddenField().Matches(_page).Select(m => (m.Groups[1].Value, m.Groups[2].Value))
            .Where(h => h.Item1 != "guard").Distinct();
        if (path == "/apps/hello/environment" && EnvironmentForm().Match(_page) is { Success: true } form)
            path = WebUtility.HtmlDecode(form.Groups[1].Value);
        var pressed = await Send(HttpMethod.Post, path, [("guard", Guard(_page)), .. hidden, .. fields],
            request => request.Headers.Add("Origin", Address.ToString().TrimEnd('/')));
        if (pressed.LeadsTo is not { } goal || !FollowedAddress().IsMatch(goal)) return pressed;
        var shown = await Get(goal.Split('#')[0]);
        return shown.Status == HttpStatusCode.OK && !goal.Contains("message=", StringComparison.Ordinal) ? pressed : shown;
    }

    /// <summary>Sends whatever the test says, also what no browser would.</summary>
    private protected async Task<Shown> Send(HttpMethod method, string path, (string Name, string Value)[]? fields,
        Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (fields is not null) request.Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        with?.Invoke(request);
        using var answer = await _client.SendAsync(request, Ending);
        var shown = new Shown(answer.StatusCode, await answer.Content.ReadAsStringAsync(Ending),
            answer.Headers.Location?.ToString(), Headers(answer));
        if (answer.IsSuccessStatusCode || path.Contains("message=", StringComparison.Ordinal)
            || path.Contains("error=", StringComparison.Ordinal)) (_page, Here) = (shown.Html, path);
        return shown;
    }

    /// <summary>Opens a stream of events and gives its lines.</summary>
    private protected async Task<StreamReader> Listen(string path, string? lastEvent = null, HttpClient? by = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        if (lastEvent is not null) request.Headers.Add("Last-Event-ID", lastEvent);
        var answer = await (by ?? _client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ending);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new(await answer.Content.ReadAsStreamAsync(Ending));
    }

    /// <summary>Another browser of the same person, signed in.</summary>
    private protected HttpClient NewBrowser()
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Add("Cookie", $"convox-console-{Address.Port}={ConsoleContext.Sessions.Begin()}");
        _others.Add(client);
        return client;
    }

    /// <summary>Reads a stream while time passes and the script of the promotion continues, until it has a text.</summary>
    private protected async Task<string> Hear(StreamReader stream, string awaited)
    {
        using var heard = new SharedText();
        var hearing = Task.Run(async () =>
        {
            // An event is whole with the empty line after it.
            while (!(heard.ToString().Contains(awaited, StringComparison.Ordinal)
                && heard.ToString().EndsWith("\n\n", StringComparison.Ordinal)))
                await heard.WriteLineAsync(await stream.ReadLineAsync(Ending) ?? throw new EndOfStreamException(heard.ToString()));
        }, Ending);
        await Time.PassesUntil(hearing, Driver.Step);
        await hearing;
        return heard.ToString();
    }

    /// <summary>What the forms of a page carry.</summary>
    private protected static string Guard(string page) => GuardField().Match(page) is { Success: true } found ? found.Groups[1].Value : "";

    internal static HttpClient NewClient() => new(new SocketsHttpHandler
    { AllowAutoRedirect = false, CookieContainer = new(), Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });

    private static Dictionary<string, string> Headers(HttpResponseMessage answer) =>
        answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("name=\"guard\" value=\"([^\"]+)\"")]
    private static partial Regex GuardField();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"[^>]*>")]
    private static partial Regex HiddenField();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+/environment[^\"]+)\"")]
    private static partial Regex EnvironmentForm();

    [GeneratedRegex("[?&]error=|/environment[?]|^/sign-in[?]")]
    private static partial Regex FollowedAddress();
}

/// <summary>What came back.</summary>
internal sealed record Shown(HttpStatusCode Status, string Html, string? LeadsTo, Dictionary<string, string> Headers)
{
    /// <summary>The text that a person reads: without the tags, each run of spaces as one.</summary>
    public string Text => System.Text.RegularExpressions.Regex.Replace(
        WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(Html, "<[^>]*>", " ")), @"\s+", " ");
}
