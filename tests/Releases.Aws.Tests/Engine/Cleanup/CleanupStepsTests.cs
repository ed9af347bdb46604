using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What is tried of a cleanup once AWS throttles a step.</summary>
public sealed class CleanupStepsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(false, 1, null)]
    [InlineData(true, 4, " 2 more steps of the cleanup weren't tried")]
    public async Task Nothing_more_is_tried_unless_it_is_the_last_time_and_then_for_some_minutes(bool isLast, int tried, string? left)
    {
        var steps = new CleanupSteps(isLast, _time);
        var count = 0;
        for (var step = 0; step < 6; step++) await steps.Try(Throttled);
        var problems = Assert.Throws<ProblemException>(steps.Require).Problems;
        Assert.Equal((tried, tried + (left is null ? 0 : 1)), (count, problems.Count));
        if (left is not null) Assert.Contains(left, $" {problems[^1].Message}", StringComparison.Ordinal);

        Task Throttled()
        {
            count++;
            _time.Advance(TimeSpan.FromMinutes(1.5));
            throw new Problem(AwsProblemCode.Refused, "ECS throttles.") { Kind = ProblemKind.Unavailable }.ToException();
        }
    }
}
