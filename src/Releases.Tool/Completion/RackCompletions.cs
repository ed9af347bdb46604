using System.CommandLine.Completions;

namespace Releases.Tool;

/// <summary>
/// Provides the completions that only the rack knows. Tab waits for them for a second at most; if they can't be read there are none, and
/// the command itself will report why.
/// </summary>
internal sealed class RackCompletions(ToolHost host)
{
    private const int MaxSuggestions = 50;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public IEnumerable<CompletionItem> Apps(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await rack.Store.ListApps(cancel)).Select(a => Item(a.Name.ToString(), a.Active is { } active ? $"{active} is active" : "")));

    public IEnumerable<CompletionItem> Releases(CompletionContext context) => Read(context, async (call, rack, cancel) =>
    {
        var app = await rack.Store.RequireApp(call.App, cancel);
        var isNumber = context.WordToComplete is ['v' or 'V', ..];
        return (await rack.Store.ListReleases(app.Name, MaxSuggestions, cancel: cancel))
            .Select(r =>
            {
                var (number, about) = ($"v{r.Number}", $"{(r.Id == app.Active ? " active" : "")} {r.Description}");
                return isNumber ? Item(number, $"{r.Id}{about}") : Item(r.Id.ToString(), number + about);
            });
    });

    public IEnumerable<CompletionItem> Services(CompletionContext context) => Read(context, async (call, rack, cancel) =>
    {
        var app = await rack.Store.RequireApp(call.App, cancel);
        return (app.Active ?? app.Latest) is { } id && await rack.Store.FindRelease(app.Name, id, cancel) is { } release
            ? release.Services.Keys.Order().Select(s => Item(s.ToString(), ""))
            : [];
    });

    public IEnumerable<CompletionItem> Processes(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await rack.Running.Processes(call.App, cancel)).Select(p => Item(p.Id, $"{p.Release}")));

    public IEnumerable<CompletionItem> Promotions(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await rack.Store.ListPromotions(call.App, MaxSuggestions, cancel: cancel))
            .Select(p => Item(p.Id.ToString(), $"{p.Release} {StatusText.Of(p.Status)}")));

    public IEnumerable<CompletionItem> Hooks(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await rack.Hooks.ListHooks(cancel: cancel)).Where(h => h.App == call.App).Select(h => Item(h.Id.ToString(), h.Target)));

    public IEnumerable<CompletionItem> Builds(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await rack.Store.ListBuilds(call.App, MaxSuggestions, cancel)).Select(b => Item(b.Id.ToString(), b.Description)));

    /// <summary>Returns the names of variables, never their values.</summary>
    public IEnumerable<CompletionItem> Keys(CompletionContext context) => Read(context, async (call, rack, cancel) =>
        (await new EnvironmentRelease(rack, call.Time).Read(call.App, cancel: cancel)).Keys.Select(k => Item(k, "")));

    private static CompletionItem Item(string word, string about) => new(word, detail: about.Trim());

    private CompletionItem[] Read(CompletionContext context,
        Func<Invocation, Rack, CancellationToken, Task<IEnumerable<CompletionItem>>> read)
    {
        // The library's completion sources are synchronous.
        return Task.Run(async () =>
        {
            // The limit is for the person who waits, so it is always in real time.
            using var limit = new CancellationTokenSource(Timeout, TimeProvider.System);
            await using var call = new Invocation(host, context.ParseResult);
            try
            {
                return [.. (await read(call, await call.OpenToRead(limit.Token), limit.Token))];
            }
            catch (Exception nothing) when (nothing is ProblemException or OperationCanceledException)
            {
                return Array.Empty<CompletionItem>();
            }
        }).GetAwaiter().GetResult();
    }
}
