using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What a page says of a promotion that didn't succeed is only what its record has.</summary>
public sealed class OutcomeTests
{
    private static readonly Promotion Failed = A.Promotion(A.Release(3)) with
    { Status = PromotionStatus.Failed, EndedAt = A.Moment, Reason = "web exited with code 1" };

    [Fact]
    public void Of_one_that_touched_nothing_nothing_was_rolled_back() => Assert.Equal(
        "web does not end. Nothing changed: v2 is still active. Manual action is needed.",
        Outcome(Failed with { Status = PromotionStatus.Stuck, Reason = "web does not end", Services = [] }));

    [Fact]
    public void Of_one_whose_rollback_did_not_finish_the_services_are_named() => Assert.Equal(
        "web does not end. Rolling back to v2 didn’t finish for web. Manual action is needed.",
        Outcome(Failed with
        {
            Status = PromotionStatus.Stuck,
            Reason = "web does not end",
            Services = [.. Failed.Services.Select(s => s with { Status = ServiceStatus.Stuck })],
        }));

    [Theory]
    [InlineData(PromotionStatus.Failed, "web exited with code 1.")]
    [InlineData(PromotionStatus.Stuck, "web exited with code 1. Rolling back to v2 didn’t finish. Manual action is needed.")]
    public void Of_one_of_which_a_summary_is_left_nobody_knows_what_was_touched(PromotionStatus status, string text) =>
        Assert.Equal(text, Outcome((Failed with { Status = status }).Shortened()));

    private static string Outcome(Promotion promotion) =>
        new ProgressView(
            promotion, new(new() { Name = A.App, CreatedAt = A.Moment, CreatedBy = A.Person }, null, null), IsRunByDaemon: true)
        .Outcome("v2");
}
