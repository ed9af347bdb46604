using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Credentials that AWS doesn't accept for a moment say nothing about a release, so they roll nothing back.</summary>
public sealed class EcsCredentialsTests
{
    private const int Occurrences = 4;

    [Theory]
    [InlineData("DescribeServices")]
    [InlineData("DescribeTaskDefinition")]
    [InlineData("ListTaskDefinitions")]
    [InlineData("RegisterTaskDefinition")]
    [InlineData("UpdateService")]
    [InlineData("ContinueServiceDeployment")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("ListServiceDeployments")]
    [InlineData("DescribeServiceRevisions")]
    [InlineData("DescribeSecret")]
    [InlineData("PutSecretValue")]
    public Task Whichever_call_they_fail_the_release_becomes_active(string operation) =>
        Task.WhenAll(Enumerable.Range(1, Occurrences).SelectMany(
            occurrence => ((string[])["ROLLING", "BLUE_GREEN"]).Select(strategy => Run(operation, occurrence, strategy))));

    [Theory]
    [InlineData("RegisterTaskDefinition")]
    [InlineData("DescribeTaskDefinition")]
    [InlineData("RunTask")]
    [InlineData("DescribeTasks")]
    public async Task A_verify_command_that_they_interrupt_runs_once(string operation)
    {
        await using var app = await EcsScenario.Start();
        app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1);
        var (left, told) = (1, new List<string>());
        app.Records = SuspendingStore.Around(app.World.Store, promotion =>
        {
            if (promotion.VerifyCommands is [{ IsOpen: true }])
                app.Ecs.OnRequest = asked => app.Ecs.Refuse(operation, asked == operation && left-- > 0 ? "ExpiredTokenException" : null);
            return Task.CompletedTask;
        });
        var held = await app.Begin(await app.AddRelease(
            EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    verify: ./smoke.sh", StringComparison.Ordinal),
            ("SECRET", "third secret")));

        var ended = (await new RetryingDriver(app.Driver, told.Add, app.World.Stepping).Run(held, TestContext.Current.CancellationToken))!;

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe(operation));
        Assert.True(left < 1, "It wasn't called.");
        Assert.Single(app.Ecs.StandaloneTasks.All);
        Assert.Equal(0, ended.VerifyCommands[^1].ExitCode);
    }

    /// <summary>Reads that lag hide a change that was accepted just now, however long before that it was first asked for.</summary>
    [Theory]
    [InlineData("ROLLING", 0)]
    [InlineData("ROLLING", 3)]
    [InlineData("BLUE_GREEN", 3)]
    public async Task An_update_that_was_refused_for_long_is_judged_by_when_it_was_accepted(string strategy, int laggingReads)
    {
        await using var app = await EcsScenario.Start();
        if (strategy != "ROLLING") app.Ecs["hello-web"].Shifts(strategy, bake: 1);
        DateTimeOffset? first = null;
        app.Ecs.OnRequest = asked =>
        {
            if (asked == "UpdateService") first ??= app.World.Stepping.GetUtcNow();
            var isRefused = asked == "UpdateService" && app.World.Stepping.GetUtcNow() < first + TimeSpan.FromSeconds(90);
            app.Ecs.Refuse("UpdateService", isRefused ? "ExpiredTokenException" : null);
            if (asked == "UpdateService" && !isRefused) app.Ecs.LaggingReads = laggingReads;
        };

        var ended = await app.Run(app.V2);

        await app.AssertTruth(ended, "succeeds", app.V1.Id, app.V2.Id, strategy);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe(strategy));
    }

    private static async Task Run(string operation, int occurrence, string strategy)
    {
        await using var app = await EcsScenario.Start();
        if (strategy != "ROLLING")
            foreach (var service in (string[])["hello-web", "hello-api"]) app.Ecs[service].Shifts(strategy, bake: 1);
        var seen = 0;
        app.Ecs.OnRequest = asked => app.Ecs.Refuse(operation, asked == operation && ++seen == occurrence ? "ExpiredTokenException" : null);
        app.World.Secrets.OnRequest = asked =>
            app.World.Secrets.Refuse(operation, asked == operation && ++seen == occurrence ? "ExpiredTokenException" : null);

        var ended = await app.Run(app.V2);

        await app.AssertTruth(ended, "succeeds", app.V1.Id, app.V2.Id, $"{operation} {occurrence} {strategy}");
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe($"{operation} {occurrence} {strategy}"));
        Assert.All(ended.Services, s => Assert.Empty(s.Warnings));
    }
}
