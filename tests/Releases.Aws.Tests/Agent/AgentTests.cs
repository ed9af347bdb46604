using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Agent;

/// <summary>An agent of a rack beside the commands that hand promotions over to it: the whole tool, in virtual time.</summary>
public sealed class AgentTests(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private readonly MatrixRack _rack = new(dynamo, $"agents-{Guid.NewGuid():n}"[..20]);
    private readonly List<RunningAgent> _agents = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _rack.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents) await agent.DisposeAsync();
        _rack.RequireModels();
        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task A_promotion_is_handed_over_to_the_agent_and_followed()
    {
        var app = await _rack.MakeApp();
        var agent = await Start();
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.Contains("the rack's agent drives this promotion", promoted.Text, StringComparison.Ordinal);
        Assert.Contains(await Events(app),
            e => e is { Kind: EventKind.PromotionTakenOver } && e.By.StartsWith("agent ", StringComparison.Ordinal));
        Assert.Equal(app.Release.Id, (await _rack.Records.FindApp(app.Name, Cancel))!.Active);
        await agent.Prints("has ended: succeeded");
    }

    [Fact]
    public async Task With_drive_the_command_drives_it_itself()
    {
        var app = await _rack.MakeApp();
        await Start();
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--drive");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.DoesNotContain("agent", promoted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await Events(app), e => e.Kind == EventKind.PromotionTakenOver);
    }

    [Fact]
    public async Task Whoever_detaches_is_told_that_the_agent_drives_and_it_does()
    {
        var app = await _rack.MakeApp();
        await Start();
        var left = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--detach");
        Assert.True(left.Code == 0, left.Text);
        Assert.Contains("continues in the background, driven by agent ", left.Text, StringComparison.Ordinal);
        Assert.Equal(PromotionStatus.Succeeded, (await Ended(app)).Status);
    }

    [Fact]
    public async Task An_agent_holds_what_nobody_follows_to_its_limit()
    {
        var app = await _rack.MakeApp();
        _rack.Ecs.Behaviors[$"{app.Name}-web"] = new([new TaskBehavior.NeverHealthy()]);
        await Start();
        await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--detach", "--timeout", "2m");
        var ended = await Ended(app);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Contains("2m", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(app.Bootstrap["web"], _rack.Ecs.Runs($"{app.Name}-web"));
    }

    [Fact]
    public async Task An_agent_that_is_stopped_hands_over_and_the_next_one_finishes()
    {
        var app = await _rack.MakeApp();
        var first = await Start();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _rack.Ecs.OnRequest = seen =>
        {
            if (seen == "UpdateService") asked.TrySetResult();
        };
        await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--detach");
        await asked.Task.WaitAsync(Patience.Limit, Cancel);
        await first.Stop();
        Assert.Contains("Agent stopped.", first.Text, StringComparison.Ordinal);
        Assert.True((await _rack.Records.FindLock(app.Name, Cancel)) is { IsOffered: true });
        Assert.Empty(await _rack.Records.Agents.List(Cancel));

        var next = await Start();
        Assert.Equal(PromotionStatus.Succeeded, (await Ended(app)).Status);
        Assert.Contains("was left by agent", next.Text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Deployments(app, "web"), Deployments(app, "api")));
    }

    [Fact]
    public async Task Where_the_agent_has_died_the_command_drives_after_all()
    {
        var app = await _rack.MakeApp();
        var now = _rack.Ecs.Virtual.GetUtcNow();
        await _rack.Records.Agents.Save(
            new() { Id = "dead", Owner = "agent 1 on gone", Version = ToolVersion.Text, StartedAt = now, SeenAt = now }, Cancel);
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.Contains("no agent took promotion", promoted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_agent_gets_nothing_from_a_newer_tool()
    {
        var app = await _rack.MakeApp();
        var now = _rack.Ecs.Virtual.GetUtcNow();
        await _rack.Records.Agents.Save(
            new() { Id = "old", Owner = "agent 1 on old", Version = "0.0.1", StartedAt = now, SeenAt = now }, Cancel);
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.Contains("the rack's agent has version 0.0.1, older than this tool's", promoted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rack_shows_its_agents_while_they_are_alive()
    {
        Assert.Contains("Agent    none", (await _rack.Type(null, _rack.Cluster, Cancel, "rack")).Text, StringComparison.Ordinal);
        var agent = await Start();
        Assert.Contains($"version {ToolVersion.Text}, seen", (await _rack.Type(null, _rack.Cluster, Cancel, "rack")).Text,
            StringComparison.Ordinal);
        await agent.Stop();
        Assert.Contains("Agent    none", (await _rack.Type(null, _rack.Cluster, Cancel, "rack")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_AWS_refuses_is_printed_once_and_the_agent_continues_when_it_can()
    {
        var app = await _rack.MakeApp();
        var agent = await Start();
        var dynamoDb = _rack.Services.Single(p => p.Service == "DynamoDB");
        dynamoDb.Break("Query", Answer.Expired, 12);
        await agent.Prints("works again after");
        var lines = agent.Text.Split('\n');
        Assert.Single(lines, l => l.Contains(" failed: DynamoDB rejects the credentials for Query", StringComparison.Ordinal));
        Assert.Single(lines, l => l.Contains("works again after", StringComparison.Ordinal));
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote");
        Assert.True(promoted.Code == 0, promoted.Text);
    }

    [Fact]
    public async Task An_agent_delivers_hooks_and_says_once_that_AWS_throttles_it_and_once_that_it_is_over()
    {
        var app = await _rack.MakeApp();
        var added = await _rack.Type(app.Name, _rack.Cluster, Cancel, "hooks", "add", "eventbridge:deploys");
        Assert.True(added.Code == 0, added.Text);
        var agent = await Start();
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote");
        Assert.True(promoted.Code == 0, promoted.Text);
        var bus = _rack.Services.Single(p => p.Service == "EventBridge");
        await Patience.Until(() => bus.Requests.Contains("PutEvents"));
        await agent.Prints("has ended: succeeded");
        Assert.DoesNotContain("failed", agent.Text, StringComparison.Ordinal);

        // More than one try of each of its duties, each of which is tried again for some seconds and says how often.
        _rack.Services.Single(p => p.Service == "DynamoDB").Break("Query", Answer.Throttled, 60);
        await agent.Prints("works again after");
        var lines = agent.Text.Split('\n');
        Assert.Single(lines, l => l.Contains(" failed: DynamoDB throttles Query", StringComparison.Ordinal));
        Assert.Single(lines, l => l.Contains("works again after", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("LOCK")]
    [InlineData("META")]
    public async Task A_damaged_record_of_one_app_holds_up_no_other(string record)
    {
        var (damaged, app) = (await _rack.MakeApp(), await _rack.MakeApp());
        foreach (var open in (MatrixApp[])[damaged, app])
        {
            var now = _rack.Ecs.Virtual.GetUtcNow();
            var promotion = A.Promotion(open.Release) with { StartedAt = now, Deadline = now.AddMinutes(10), Services = [] };
            await _rack.Records.BeginPromotion(promotion, "a driver that died", A.Event(EventKind.PromotionStarted), Cancel);
        }

        await _rack.Damage(new(Keys.PartitionOf(damaged.Name), record));
        var agent = await Start();
        Assert.Equal(PromotionStatus.Succeeded, (await Ended(app)).Status);
        await agent.Prints($"the promotion of {damaged.Name} can't be driven here: the record A#{damaged.Name} {record} of the rack's table");
        Assert.Contains("has ended: succeeded", agent.Text, StringComparison.Ordinal);

        var info = await _rack.Type(damaged.Name, _rack.Cluster, Cancel, "apps", "info");
        Assert.Equal(1, info.Code);
        Assert.Contains("error CONVOX0007: the record A#", info.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_agents_promote_ten_apps_and_nothing_is_done_twice()
    {
        var apps = new List<MatrixApp>();
        for (var i = 0; i < 10; i++) apps.Add(await _rack.MakeApp());
        for (var i = 0; i < 3; i++) await Start();
        var promoted = await Task.WhenAll(apps.Select(a => _rack.Type(a.Name, _rack.Cluster, Cancel, "promote")));
        Assert.All(promoted, p => Assert.True(p.Code == 0, p.Text));
        Assert.All(apps, a => Assert.Equal((1, 1), (Deployments(a, "web"), Deployments(a, "api"))));
        Assert.All(_agents, a => Assert.DoesNotContain("interrupted", a.Text, StringComparison.Ordinal));
    }

    private async Task<RunningAgent> Start()
    {
        var agent = new RunningAgent(_rack);
        _agents.Add(agent);
        await Patience.Until(async () => (await _rack.Records.Agents.List(Cancel)).Count >= _agents.Count(a => !a.IsStopped));
        return agent;
    }

    private async Task<Promotion> Ended(MatrixApp app)
    {
        var watched = await _rack.Type(app.Name, _rack.Cluster, Cancel, "watch");
        var last = (await _rack.Records.ListPromotions(app.Name, 1, cancel: Cancel)).Single();
        Assert.True(last.Ended, watched.Text);
        return last;
    }

    private async Task<IReadOnlyList<Event>> Events(MatrixApp app) => await _rack.Records.ListEvents(app.Name, 20, Cancel);

    /// <summary>How many deployments a service had since the first.</summary>
    private int Deployments(MatrixApp app, string service) => _rack.Ecs[$"{app.Name}-{service}"].Deployments.Count - 1;
}
