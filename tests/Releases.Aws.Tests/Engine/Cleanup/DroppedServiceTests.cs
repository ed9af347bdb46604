using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What becomes of the ECS service of a service that a release no longer has.</summary>
public sealed class DroppedServiceTests
{
    private const string Web = "services:\n  web: { build: Web, port: 8080, x-aws: { container: web } }\n";
    private const string Jobs = Web + "  jobs: { build: Jobs, x-aws: { container: web, service: \"shop-jobs${SUFFIX}\" } }\n";

    [Fact]
    public async Task It_is_stopped_under_the_name_that_the_release_before_gave_it()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Web);
        Serve(app, "shop-jobs-eu", "hello");
        await Promote(app, Jobs);
        await Promote(app, Web);
        Assert.Equal(0, app.Ecs["shop-jobs-eu"].Desired);
        await Promote(app, Jobs);
        Assert.Equal(3, app.Ecs["shop-jobs-eu"].Desired);
    }

    /// <summary>convox.yml names it, which is as good as the tag.</summary>
    [Fact]
    public async Task It_needs_no_tag_if_the_release_before_named_it()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Web);
        Serve(app, "shop-jobs-eu", owner: null);
        await Promote(app, Jobs);
        await Promote(app, Web);
        Assert.Equal(0, app.Ecs["shop-jobs-eu"].Desired);
    }

    [Fact]
    public async Task A_service_that_is_renamed_on_its_ECS_service_keeps_running()
    {
        await using var app = await EcsScenario.Start(manifest: Web);
        await Promote(app, "services:\n  site: { build: Web, port: 8080, x-aws: { container: web, service: hello-web } }\n");
        Assert.Equal(2, app.Ecs["hello-web"].Desired);
        Assert.Equal("site", TaskTags.Find(app.Ecs.Definitions.TagsOf(app.Ecs.Runs("hello-web")!), TaskTags.Service));
    }

    [Fact]
    public async Task What_somebody_else_runs_in_it_by_now_is_left_alone()
    {
        await using var app = await EcsScenario.Start(manifest: EcsScenario.TwoServices);
        app.Ecs.Add("hello-api", app.Bootstrap["api"], 2, Tags("hello"));
        await Promote(app, Web);
        Assert.Equal(2, app.Ecs["hello-api"].Desired);
    }

    [Fact]
    public async Task Another_apps_service_is_left_alone()
    {
        await using var app = await EcsScenario.Start(manifest: EcsScenario.TwoServices);
        app.Ecs.Add("hello-api", app.Ecs.Runs("hello-api")!, 2, Tags("other"));
        await Promote(app, Web);
        Assert.Equal(2, app.Ecs["hello-api"].Desired);
    }

    [Fact]
    public async Task If_it_cannot_be_stopped_the_promotion_has_succeeded_and_its_record_says_so()
    {
        await using var app = await EcsScenario.Start(manifest: EcsScenario.TwoServices);
        app.Ecs.OnRequest = _ => app.Ecs.Refuse("UpdateService", app.Ecs.Runs("hello-web") is { } arn && !IsOf(app, arn, app.V1)
            ? "AccessDeniedException" : null);
        var ended = await app.Run(await app.AddRelease(Web));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Contains(ended.Services.Single().Warnings, w => w.Contains("ECS denied UpdateService", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hello-jobs")]
    [InlineData("shop-jobs-eu")]
    public async Task One_that_could_not_be_stopped_is_stopped_by_the_next_promotion(string name)
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Web);
        Serve(app, name, owner: name == "hello-jobs" ? "hello" : null);
        await Promote(app, name == "hello-jobs" ? Jobs.Replace(", service: \"shop-jobs${SUFFIX}\"", "", StringComparison.Ordinal) : Jobs);
        var before = app.Ecs.Runs("hello-web");
        app.Ecs.OnRequest = _ => app.Ecs.Refuse("UpdateService", app.Ecs.Runs("hello-web") != before ? "AccessDeniedException" : null);
        var release = await app.AddRelease(Web);
        var ended = await app.Run(release);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(3, app.Ecs[name].Desired);

        app.Ecs.OnRequest = _ => { };
        app.Ecs.Refuse("UpdateService", null);
        ended = await app.Run(release);
        Assert.True(ended is { Status: PromotionStatus.Succeeded, Services: [{ Warnings: [] }] }, ended.Describe("again"));
        Assert.Equal(0, app.Ecs[name].Desired);
        await Promote(app, name == "hello-jobs" ? Jobs.Replace(", service: \"shop-jobs${SUFFIX}\"", "", StringComparison.Ordinal) : Jobs);
        Assert.Equal(3, app.Ecs[name].Desired);
    }

    /// <summary>AWS throttles the count of the other service, which comes first, for as long as that is retried.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_step_that_stays_throttled_neither_prevents_nor_hides_the_others(bool isDenied)
    {
        await using var app = await EcsScenario.Start(manifest: EcsScenario.TwoServices);
        await app.World.Store.ChangeApp(
            A.App, a => a.Scaled(A.Web, 1), A.Event(EventKind.Scaled), TestContext.Current.CancellationToken);
        app.World.Scaling.FailAlways("DescribeScalableTargets", Fault.Throttled);
        if (isDenied)
            app.Ecs.OnRequest = _ => app.Ecs.Refuse("UpdateService", app.Ecs.Runs("hello-web") is { } arn && !IsOf(app, arn, app.V1)
                ? "AccessDeniedException" : null);
        var ended = await app.Run(await app.AddRelease(Web));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(isDenied ? 2 : 0, app.Ecs["hello-api"].Desired);
        string[] undone = isDenied ? ["throttles DescribeScalableTargets", "denied UpdateService"] : ["throttles DescribeScalableTargets"];
        Assert.Equal(undone, ended.Services.Single().Warnings.Zip(undone, (w, u) => w.Contains(u, StringComparison.Ordinal) ? u : w));
        Assert.Equal(undone.Length, ended.Services.Single().Warnings.Count);
    }

    /// <summary>Its name may depend on a variable, so without the environment nobody knows which service it is.</summary>
    [Fact]
    public async Task If_the_environment_of_the_release_before_cannot_be_read_nothing_is_stopped_and_the_record_says_why()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Web);
        Serve(app, "shop-jobs-eu", "hello");
        await Promote(app, Jobs);
        var before = app.Ecs.Runs("hello-web");
        app.Ecs.OnRequest = _ => app.World.Vault.IsLocked = app.Ecs.Runs("hello-web") != before;
        var ended = await app.Run(await app.AddRelease(Web));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Contains(ended.Services.Single().Warnings, w => w.Contains("cannot be opened", StringComparison.Ordinal));
        Assert.Equal(3, app.Ecs["shop-jobs-eu"].Desired);
    }

    private static bool IsOf(EcsScenario app, string arn, Release release) =>
        TaskTags.Find(app.Ecs.Definitions.TagsOf(arn), TaskTags.Release) == release.Id.ToString();

    private static void Serve(EcsScenario app, string service, string? owner)
    {
        var bootstrap = EcsWorld.Bootstrap();
        bootstrap["family"] = "bootstrap-" + service;
        app.Ecs.Add(service, app.Ecs.Definitions.Add(bootstrap), 3, owner is null ? [] : Tags(owner));
    }

    private static JsonArray Tags(string owner) => [new JsonObject { ["key"] = "convox:app", ["value"] = owner }];

    private static async Task Promote(EcsScenario app, string manifest)
    {
        var ended = await app.Run(await app.AddRelease(manifest, ("SECRET", "a secret"), ("SUFFIX", "-eu")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe(manifest));
    }
}
