using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A driver in trouble reports it once, keeps the promotion's limit, and leaves with what to do when it can't continue.</summary>
public sealed class RetryingDriverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly SharedList<string> _told = [];

    [Theory]
    [InlineData(ProblemKind.Unavailable, 5)]
    [InlineData(ProblemKind.Failed, 1)]
    public async Task What_passes_is_waited_for_until_the_limit_and_what_does_not_for_a_minute(ProblemKind kind, int minutes)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        scenario.Store = FailingStore.Around(scenario.Store, called => called == nameof(IReleaseStore.SavePromotion), kind: kind);
        var began = scenario.Time.GetUtcNow();

        var givenUp = (await Assert.ThrowsAsync<ProblemException>(() => Retrying(scenario)
            .Run(held, TestContext.Current.CancellationToken))).Problems[0];

        Assert.Equal((ProblemCode.Unreachable, ProblemKind.NeedsPerson), (givenUp.Code, givenUp.Kind));
        Assert.Contains("is still open, but can't be driven from here: AWS cannot be reached.", givenUp.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet convox watch", givenUp.Remedy?.ToString(), StringComparison.Ordinal);
        Assert.InRange(scenario.Time.GetUtcNow() - began, TimeSpan.FromMinutes(minutes),
            TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(5));
        Assert.StartsWith($"promotion {held.Promotion} is interrupted: AWS cannot be reached.", Assert.Single(_told),
            StringComparison.Ordinal);
        Assert.NotNull(await scenario.Store.FindLock(scenario.App, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_check_is_refused_for_now_is_asked_again_and_the_promotion_goes_well()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        var reads = 0;
        scenario.Store = FailingStore.Around(scenario.Store, called => called == nameof(IReleaseStore.ReadManifest) && ++reads < 4);
        var ended = await Retrying(scenario).Run(held, TestContext.Current.CancellationToken);
        Assert.Equal(PromotionStatus.Succeeded, ended!.Status);
        Assert.Single(_told, t => t.Contains("is interrupted", StringComparison.Ordinal));
    }

    /// <summary>Such as when a program that refreshes credentials fails once.</summary>
    [Theory]
    [InlineData("check")]
    [InlineData("start worker")]
    [InlineData("verify web")]
    [InlineData("route worker")]
    public async Task What_the_caller_itself_failed_at_is_requested_again_and_the_promotion_goes_well(string at)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(await scenario.AddRelease(ProgressiveTests.Manifests.Verified), Limit);
        var failure = new Problem(ProblemCode.NotSupported, "There are no credentials.") { IsOfCaller = true };
        var left = 1;
        scenario.Engine.BeforeEffect = effect =>
        {
            if (effect.StartsWith(at, StringComparison.Ordinal) && left-- > 0) throw failure.ToException();
        };
        if (at == "check") scenario.Engine.Findings.Add(failure);
        scenario.Engine.Waiting = _ =>
        {
            scenario.Engine.Findings.Clear();
            return Task.CompletedTask;
        };

        var ended = (await Retrying(scenario).Run(held, TestContext.Current.CancellationToken))!;

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.StartsWith($"promotion {held.Promotion} is interrupted: There are no credentials. Retrying", _told[0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_check_waits_a_minute_for_the_caller_and_then_nothing_has_changed(bool isOfTheVault)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var release = await scenario.AddRelease(environment: EnvironmentSet.Of([new("A", "1")]));
        var held = await scenario.Begin(release, Limit);
        var failure = new Problem(ProblemCode.NotSupported, "There are no credentials.") { IsOfCaller = true };
        if (isOfTheVault) scenario.Vault.Fails = failure;
        else scenario.Engine.Findings.Add(failure);
        var began = scenario.Time.GetUtcNow();
        var ended = (await Retrying(scenario).Run(held, TestContext.Current.CancellationToken))!;
        Assert.Equal((PromotionStatus.Failed, "There are no credentials."), (ended.Status, ended.Reason));
        Assert.InRange(scenario.Time.GetUtcNow() - began, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(65));
        Assert.Empty(scenario.Engine.Effects);
    }

    [Fact]
    public async Task A_promotion_that_has_ended_and_cannot_be_cleaned_up_is_never_said_to_be_open()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        scenario.Engine.Settling = _ => throw new Problem(ProblemCode.NotSupported, "AWS denied it.", "").ToException();
        var ended = await Retrying(scenario).Run(held, TestContext.Current.CancellationToken);
        Assert.Equal(PromotionStatus.Succeeded, ended!.Status);
        Assert.Equal(
        [
            $"promotion {held.Promotion} succeeded, but the cleanup failed: AWS denied it. Retrying.",
            $"promotion {held.Promotion} succeeded, and the cleanup was given up: AWS denied it.",
        ], _told);
    }

    /// <summary>By then the app's next promotion may be driven, which settling again would disturb.</summary>
    [Fact]
    public async Task Only_what_failed_of_cleaning_up_is_tried_again()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        var (settled, tries) = (0, 0);
        scenario.Engine.Settling = _ =>
        {
            settled++;
            return Task.CompletedTask;
        };
        scenario.Engine.CleaningUp = () => ++tries < 3
            ? throw new Problem(ProblemCode.Daemon, "A folder is in use.", "").ToException() : Task.CompletedTask;
        var ended = await Retrying(scenario).Run(held, TestContext.Current.CancellationToken);
        Assert.Equal((PromotionStatus.Succeeded, 1, 3), (ended!.Status, settled, tries));
        Assert.Equal($"promotion {held.Promotion} succeeded, but the cleanup failed: A folder is in use. Retrying.", _told[0]);
    }

    [Fact]
    public async Task A_promotion_that_was_held_up_beyond_its_limit_names_what_held_it_up()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromSeconds(20));
        var began = scenario.Time.GetUtcNow();
        var told = new SharedList<string?>();
        var saves = 0;
        // From its second save on, what is healthy can't be recorded.
        scenario.Store = FailingStore.Around(
            scenario.Store,
            called => called == nameof(IReleaseStore.SavePromotion) && ++saves > 3
                && scenario.Time.GetUtcNow() - began < TimeSpan.FromMinutes(1), kind: ProblemKind.Failed);
        var ended = await new RetryingDriver(scenario.Driver, _told.Add, new SteppingTime(scenario.Time))
        {
            Interrupted = (_, why) => told.Add(why),
        }.Run(held, TestContext.Current.CancellationToken);

        Assert.Equal(PromotionStatus.Failed, ended!.Status);
        Assert.Contains(" didn't complete within 20s: ", ended.Reason, StringComparison.Ordinal);
        Assert.Matches(@"the promotion was held up for (\d+s|1m): AWS cannot be reached\.$", ended.Reason);
        Assert.StartsWith($"promotion {held.Promotion} is interrupted: AWS cannot be reached.", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_unexpected_is_one_sentence_for_people_and_its_details_are_in_the_log_once()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        var left = 3;
        scenario.Store = FailingStore.Around(
            scenario.Store, called => called == nameof(IReleaseStore.SavePromotion) && left-- > 0,
            new InvalidOperationException("SQLite Error 21: 'misuse'.\nmore"));
        var said = new SharedList<string>();
        var driver = new RetryingDriver(scenario.Driver, _told.Add, new SteppingTime(scenario.Time))
        { Interrupted = (_, why) => said.Add(why ?? "") };

        Assert.Equal(PromotionStatus.Succeeded, (await driver.Run(held, TestContext.Current.CancellationToken))!.Status);

        Assert.StartsWith(
            $"promotion {held.Promotion} is interrupted: SQLite Error 21: 'misuse' (InvalidOperationException). Retrying", said[0],
            StringComparison.Ordinal);
        Assert.DoesNotContain("\n", said[0], StringComparison.Ordinal);
        Assert.Equal(said[0], _told[0]);
        Assert.Single(_told, t => t.StartsWith("details of the interruption: System.InvalidOperationException: SQLite Error 21",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_short_interruptions_of_a_hold_are_two_and_each_is_over_after_a_few_seconds()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit, holdFor: TimeSpan.FromHours(1));
        FailOnce(scenario, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(50));

        var ended = (await Retrying(scenario).Run(held, TestContext.Current.CancellationToken))!;

        Assert.Equal("nobody approved it within 1h.", ended.Reason);
        var limit = $"Retrying until {ended.Deadline.UtcDateTime:HH:mm:ss} UTC.";
        Assert.Collection(_told, Interruption, Continuation, Interruption, Continuation);

        void Interruption(string told) => Assert.Equal(
            $"promotion {held.Promotion} is interrupted: AWS cannot be reached. {limit}", told);
    }

    [Fact]
    public async Task An_interruption_of_a_rollback_is_retried_within_its_own_limit_however_the_rollout_was_interrupted_before()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, Limit);
        scenario.Engine.GoingBack = TimeSpan.FromMinutes(5);
        var isThrottled = true;
        scenario.Engine.Moves = () =>
        {
            if (!isThrottled) return false;
            isThrottled = false;
            throw Problem.Unavailable(ProblemCode.Unavailable, "ECS throttles.").ToException();
        };
        FailOnce(scenario, Limit + TimeSpan.FromMinutes(2));

        var ended = (await Retrying(scenario).Run(held, TestContext.Current.CancellationToken))!;

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Collection(
            _told,
            told => Assert.StartsWith($"promotion {held.Promotion} is interrupted: ECS throttles. Retrying until", told,
                StringComparison.Ordinal),
            Continuation,
            told => Assert.Equal(
                $"promotion {held.Promotion} is interrupted: AWS cannot be reached. "
                    + $"Retrying until {ended.RollbackDeadline!.Value.UtcDateTime:HH:mm:ss} UTC.", told),
            Continuation);
    }

    private static void Continuation(string told) => Assert.Matches(@"^promotion \w+ continues after 1\ds$", told);

    /// <summary>The store can't be reached once, at each of these times from now.</summary>
    private static void FailOnce(PromoteScenario scenario, params TimeSpan[] after)
    {
        var (began, left) = (scenario.Time.GetUtcNow(), new Queue<TimeSpan>(after));
        scenario.Store = FailingStore.Around(scenario.Store, called => called == nameof(IReleaseStore.FindLock)
            && left.TryPeek(out var next) && scenario.Time.GetUtcNow() - began >= next && left.TryDequeue(out _));
    }

    private RetryingDriver Retrying(PromoteScenario scenario) =>
        new(scenario.Driver, _told.Add, new SteppingTime(scenario.Time), givesUp: true);
}
