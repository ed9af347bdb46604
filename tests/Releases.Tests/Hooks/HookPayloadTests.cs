using System.Text.Json;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>What is sent, in each format.</summary>
public sealed class HookPayloadTests : IAsyncLifetime
{
    private const string Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584";

    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Fact]
    public async Task Json_is_a_cloud_event_with_its_required_attributes()
    {
        var added = await _here.Add("all");
        var release = await Fails("web exited with code 1 before it became healthy (3 times).");
        await _here.Deliverer().Run(added.Hook, Cancel);

        foreach (var got in _here.Receiver.Accepted)
        {
            Assert.Equal("application/cloudevents+json; charset=utf-8", got.Headers["Content-Type"]);
            Assert.Equal("1.0", got.Json["specversion"]!.GetValue<string>());
            Assert.Equal(got.Id, got.Json["id"]!.GetValue<string>());
            Assert.True(Uri.TryCreate(got.Json["source"]!.GetValue<string>(), UriKind.RelativeOrAbsolute, out _));
            Assert.Equal($"convox.{got.Kind}", got.Json["type"]!.GetValue<string>());
            Assert.NotEqual(0, got.Json["subject"]!.GetValue<string>().Length);
            Assert.True(DateTimeOffset.TryParse(got.Json["time"]!.GetValue<string>(), out _));
            Assert.Equal("application/json", got.Json["datacontenttype"]!.GetValue<string>());
            // Attributes have lower-case letters and digits alone, and none is null.
            Assert.All(got.Json, a => Assert.True(a.Key.All(char.IsAsciiLetterLower) && a.Value is not null));
        }

        Assert.Equal(["hookAdded", "releaseCreated", "promotionStarted", "promotionEnded"], _here.Receiver.Accepted.Select(t => t.Kind));
        Assert.Null(_here.Receiver.Accepted[2].Json["data"]!["promotion"]!["status"]);
        var ended = _here.Receiver.Accepted[3].Json["data"]!;
        Assert.Equal("failed", ended["promotion"]!["status"]!.GetValue<string>());
        Assert.Equal("web exited with code 1 before it became healthy (3 times).", ended["promotion"]!["reason"]!.GetValue<string>());
        Assert.Equal(release.Id.ToString(), ended["release"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_kind_of_event_can_be_sent_in_every_format()
    {
        var (json, slack) = (await _here.Add("all"), await _here.Add("all", format: HookFormat.Slack));
        var release = await _here.Happens("one");
        var kinds = Enum.GetValues<EventKind>().Where(k => k != EventKind.AppDeleted).ToList();
        foreach (var kind in kinds) await _here.Store.ChangeApp(A.App, a => a, A.Event(kind, release.Id), Cancel);
        await _here.Deliverer().Run(json.Hook, Cancel);
        Assert.Superset(kinds.Select(HookEvents.Code).ToHashSet(), _here.Receiver.Accepted.Select(t => t.Kind).ToHashSet());
        _here.Receiver.Received.Clear();
        await _here.Deliverer().Run(slack.Hook, Cancel);
        Assert.All(_here.Receiver.Accepted, t => Assert.StartsWith("*web*",
            t.Json["text"]!.GetValue<string>().Replace($"*{A.App}*", "*web*", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Slack_gets_a_sentence_in_which_nothing_is_markup_and_no_signature()
    {
        await _here.Store.Promoted(await _here.Happens("before"), cancel: Cancel);
        var added = await _here.Add("promotionEnded", format: HookFormat.Slack);
        Assert.Null(added.Secret);
        await Fails("<!channel> & <script> failed.");
        await _here.Deliverer().Run(added.Hook, Cancel);
        var got = Assert.Single(_here.Receiver.Accepted);
        Assert.Equal(
            $"*{A.App}* on local: v2 (build 7329df90c1 the &lt;basket&gt;) wasn't promoted: &lt;!channel&gt; &amp; &lt;script&gt; failed. The previous release is live.",
            got.Json["text"]!.GetValue<string>());
        Assert.False(got.Headers.ContainsKey("webhook-signature"));
    }

    [Fact]
    public async Task Slack_does_not_get_that_something_is_live_of_a_promotion_that_nobody_looked_at()
    {
        var added = await _here.Add("promotionEnded", format: HookFormat.Slack);
        await Fails("the key of the vault is missing.", touched: false);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.EndsWith("wasn't promoted: the key of the vault is missing. Nothing changed.",
            Assert.Single(_here.Receiver.Accepted).Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "wasn't promoted and couldn't be rolled back; manual action is needed. web does not end.")]
    [InlineData(false, "wasn't promoted: web does not end. Nothing changed. Manual action is needed.")]
    public async Task Slack_gets_of_a_stuck_promotion_that_it_could_not_be_rolled_back_only_if_anything_was_touched(bool touched, string text)
    {
        var added = await _here.Add("promotionEnded", format: HookFormat.Slack);
        await Fails("web does not end.", touched: touched, status: PromotionStatus.Stuck);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.EndsWith(text, Assert.Single(_here.Receiver.Accepted).Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, " The processes from before are back.")]
    public async Task Slack_does_not_get_that_a_release_is_live_of_an_app_that_never_had_one(int running, string processes)
    {
        var added = await _here.Add("promotionEnded", format: HookFormat.Slack);
        await Fails("web exited with code 1.", running: running);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.EndsWith($"wasn't promoted: web exited with code 1. No release was active before, and none is now.{processes}",
            Assert.Single(_here.Receiver.Accepted).Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHub_gets_one_deployment_for_each_promotion_and_its_states()
    {
        var made = new List<JsonObject>();
        _here.Receiver.Response = r => r.Method == "POST" ? 201 : 200;
        _here.Receiver.Body = r =>
        {
            if (r.Method == "GET")
                return $"[{string.Join(",", made.Where(d => r.Path.Contains(d["task"]!.GetValue<string>(), StringComparison.Ordinal)).Select(_ => "{\"id\": 4711}"))}]";
            if (!r.Path.EndsWith("/deployments", StringComparison.Ordinal)) return "{}";
            made.Add(r.Json);
            return "{\"id\": 4711}";
        };
        var added = await _here.Add(null, $"http://{_here.Receiver.Authority}/acme/shop.git", HookFormat.GitHub, "ghp_secret");
        await _here.Store.Promoted(await Committed(), cancel: Cancel);
        await _here.Deliverer().Run(added.Hook, Cancel);
        // A repetition makes no second deployment.
        _here.Store.LoseProgress(A.App, added.Hook.Id);
        await _here.Deliverer().Run(added.Hook, Cancel);

        var deployment = Assert.Single(made);
        Assert.Equal((Commit, $"local/{A.App}", false), (deployment["ref"]!.GetValue<string>(),
            deployment["environment"]!.GetValue<string>(), deployment["auto_merge"]!.GetValue<bool>()));
        Assert.Equal(
            ["in_progress", "success", "in_progress", "success"],
            _here.Receiver.Received.Where(r => r.Path == "/api/v3/repos/acme/shop/deployments/4711/statuses")
                .Select(r => r.Json["state"]!.GetValue<string>()));
        Assert.All(_here.Receiver.Received, r => Assert.Equal("Bearer ghp_secret", r.Headers["Authorization"]));
        Assert.Equal(HookOutcome.Delivered, (await _here.Status(added)).Last!.Outcome);
    }

    [Fact]
    public async Task A_commit_that_GitHub_does_not_have_holds_up_nothing()
    {
        _here.Receiver.Response = r => r.Method == "POST" ? 422 : 200;
        _here.Receiver.Body = _ => "[]";
        var added = await _here.Add(null, $"http://{_here.Receiver.Authority}/acme/shop", HookFormat.GitHub, "ghp_secret");
        await _here.Store.Promoted(await Committed(), cancel: Cancel);
        await _here.Store.Promoted(await _here.Happens("without a commit"), cancel: Cancel);
        await _here.Deliverer().Run(added.Hook, Cancel);
        var deliveries = (await _here.Status(added)).Progress.Deliveries;
        Assert.Equal(4, deliveries.Count);
        Assert.All(deliveries, d => Assert.Equal(HookOutcome.Skipped, d.Outcome));
        Assert.Contains(deliveries, d => d.Detail == "the repository doesn't have the commit 7329df90c1");
        Assert.Contains(deliveries, d => d.Detail == "the release has no commit, or its record is gone");
    }

    [Theory]
    [InlineData("""{"message":"No ref found for: 7329df90c1"}""", HookOutcome.Skipped, "the repository doesn't have the commit 7329df90c1")]
    [InlineData("""{"message":"Validation Failed"}""", HookOutcome.Retrying, "it answered 422: Validation Failed")]
    [InlineData("""{"message":{}}""", HookOutcome.Skipped, "the repository doesn't have the commit 7329df90c1")]
    [InlineData("not JSON", HookOutcome.Skipped, "the repository doesn't have the commit 7329df90c1")]
    public async Task What_GitHub_refuses_is_told_as_GitHub_tells_it(string body, HookOutcome outcome, string detail)
    {
        _here.Receiver.Response = r => r.Method == "POST" ? 422 : 200;
        _here.Receiver.Body = r => r.Method == "POST" ? body : "[]";
        var added = await _here.Add(null, $"http://{_here.Receiver.Authority}/acme/shop", HookFormat.GitHub, "ghp_secret");
        await _here.Store.Promoted(await Committed(), cancel: Cancel);
        await _here.Deliverer().Run(added.Hook, Cancel);
        var last = (await _here.Status(added)).Last!;
        Assert.Equal((outcome, (int?)422, detail), (last.Outcome, last.Status, last.Detail));
    }

    [Fact]
    public async Task A_test_is_sent_past_what_waits_and_nothing_of_it_is_stored()
    {
        var added = await _here.Add();
        await _here.Happens("waits");
        var attempt = await new ManageHooks(_here.Operations).Test(A.App, added.Hook.Id, Cancel);
        Assert.Equal((HookOutcome.Delivered, 204), (attempt.Outcome, attempt.Status));
        Assert.Equal("test", Assert.Single(_here.Receiver.Accepted).Kind);
        Assert.Null((await _here.Status(added)).Last);
    }

    /// <summary>The samples in the document are what is sent, but for ids and times.</summary>
    [Fact]
    public async Task The_document_shows_what_is_sent()
    {
        var samples = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "hooks.md"), Cancel))
            .Split("```json\n").Skip(1).Select(s => JsonNode.Parse(s.Split("```")[0])!.AsObject()).ToList();
        var (json, slack) = (await _here.Add("promotionEnded"), await _here.Add("promotionEnded", format: HookFormat.Slack));
        await Fails("web exited with code 1 before it became healthy (3 times).");
        await _here.Deliverer().Run(json.Hook, Cancel);
        await _here.Deliverer().Run(slack.Hook, Cancel);
        Assert.Equal(_here.Receiver.Accepted.Select(t => Shape(t.Json)), samples.Select(Shape));
    }

    private static string Shape(JsonNode? node) => node switch
    {
        JsonObject o => $"{{{string.Join(",", o.Select(p => $"{p.Key}:{Shape(p.Value)}"))}}}",
        JsonValue value => value.GetValueKind() == JsonValueKind.Number ? "number" : "text",
        _ => "text",
    };

    private async Task<Release> Committed() =>
        await _here.Store.Release(description: "build 7329df90c1 the <basket>", with: r => r with { Commit = Commit }, cancel: Cancel);

    [Fact]
    public async Task A_traced_promotion_has_its_context_in_every_event_of_it()
    {
        var added = await _here.Add("promotions");
        var trace = PromotionTrace.Parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!;
        await Fails("web exited.", trace);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["promotionStarted", "promotionEnded"], _here.Receiver.Accepted.Select(t => t.Kind));
        Assert.All(_here.Receiver.Accepted, got =>
        {
            var of = PromotionId.Parse(got.Json["data"]!["promotion"]!["id"]!.GetValue<string>());
            Assert.Equal(
                $"00-4bf92f3577b34da6a3ce929d0e0e4736-{PromotionTrace.SpanId(of, SpanNames.Promotion)}-01",
                got.Json["traceparent"]!.GetValue<string>());
        });
    }

    private async Task<Release> Fails(string reason, PromotionTrace? trace = null, bool touched = true, int running = 0,
        PromotionStatus status = PromotionStatus.Failed)
    {
        var release = await Committed();
        var promotion = A.Promotion(release, previous: (await _here.Store.RequireApp(A.App, Cancel)).Active) with { Trace = trace };
        promotion = promotion with { Services = touched ? [.. promotion.Services.Select(s => s with { Running = running })] : [] };
        var held = await _here.Store.BeginPromotion(promotion, "a test",
            A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Cancel);
        var ended = promotion with
        { Status = status, EndedAt = A.Moment.AddMinutes(1), Reason = reason, FailedService = A.Web };
        await _here.Store.FinishPromotion(held, ended,
            A.Event(EventKind.PromotionEnded, release.Id, promotion.Id) with { Detail = $"failed: {reason}" }, Cancel);
        return release;
    }
}
