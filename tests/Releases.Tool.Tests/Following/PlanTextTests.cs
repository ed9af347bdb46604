using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PlanTextTests
{
    /// <summary>Answers that broke off and connections that failed are errors, too.</summary>
    [Theory]
    [InlineData(0, 0, "web: 0 % with 5xx or broken off (before: 0 %), p95 12 ms (before: 11.5 ms), 1000 requests")]
    [InlineData(3, 1, "web: 0.3 % with 5xx or broken off (before: 0.2 %), p95 12 ms (before: 11.5 ms), 1000 requests")]
    public void A_good_verdict_has_its_figures(int errors, int errorsBefore, string text) => Assert.Equal(text, PlanText.Of(new Verdict
    {
        Service = A.Web,
        Outcome = VerdictOutcome.Good,
        Requests = 1000,
        Errors = errors,
        RequestsBefore = 500,
        ErrorsBefore = errorsBefore,
        P95 = 12,
        P95Before = 11.5,
    }));
}
