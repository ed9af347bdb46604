using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>How many processes a service has, and what is recorded when that can't be changed.</summary>
public sealed class ScaleServiceTests : OperationScenario
{
    private const string Manifest = "services:\n  web: { scale: { count: 2 } }\n";

    [Fact]
    public async Task A_count_is_recorded_and_applied_and_null_is_the_manifests_own()
    {
        await Published();
        Assert.Equal((2, 3, 3), Counts(await Scale(3, after: 3)));
        Assert.Equal((3, 2, 2), Counts(await Scale(null, after: 2)));
        Assert.Equal(2, Rack.Scaled);
        Assert.Empty((await App()).Scale);
    }

    [Fact]
    public async Task A_manifest_that_an_earlier_version_accepted_is_read_though_it_would_be_refused_now()
    {
        const string Earlier = "services: { web: { scale: { count: 2 }, environment: ['A=${B%c}'] } }";
        Assert.NotEmpty(ManifestReader.Read(Earlier, ManifestReader.FileName).Problems);
        await Published(Earlier);
        Assert.Equal((2, 3, 3), Counts(await Scale(3, after: 3)));
    }

    [Fact]
    public async Task What_cannot_be_applied_is_not_left_in_the_records()
    {
        await Published();
        Rack.Scales = () => throw new Problem(ProblemCode.NotSupported, "a scalable target has the count.").ToException();
        var problem = await Refused(() => Scale(5, after: 2));
        Assert.Equal("web wasn't scaled, and its recorded count is unchanged: a scalable target has the count.", problem.Message);
        Assert.Empty((await App()).Scale);
    }

    [Theory]
    [InlineData(7, "7")]
    [InlineData(null, "as in convox.yml")]
    public async Task What_cannot_be_applied_takes_no_count_back_that_somebody_else_has_set_meanwhile(int? others, string text)
    {
        await Published();
        Rack.Scales = async () =>
        {
            await Rack.Store.ChangeApp(A.App, a => a.Scaled(A.Web, others), A.Event(EventKind.Scaled), Cancel);
            throw new Problem(ProblemCode.NotSupported, "a scalable target has the count.").ToException();
        };
        var problem = await Refused(() => Scale(5, after: 2));
        Assert.Equal(
            $"web wasn't scaled: a scalable target has the count. Its recorded count was changed meanwhile and stays {text}.",
            problem.Message);
        Assert.Equal(others, (await App()).Scale.TryGetValue(A.Web, out var count) ? count : null);
    }

    [Fact]
    public async Task A_count_whose_answer_was_lost_stays_where_it_took_effect()
    {
        await Published();
        Rack.Scales = () =>
        {
            Rack.Counts![A.Web] = 5;
            throw Problem.Unavailable(ProblemCode.Unreachable, "ECS does not answer.").ToException();
        };
        Assert.Equal((2, 5, 5), Counts(await Scale(5, after: null)));
        Assert.Equal(5, (await App()).Scale[A.Web]);
    }

    [Fact]
    public async Task A_service_that_is_not_there_and_an_app_that_is_promoted_are_not_scaled()
    {
        await Published();
        var missing = await Refused(async () => await new ScaleService(Context).Run(new(await App(), ServiceName.Parse("wib"), 3), Cancel));
        Assert.Equal((ProblemCode.NotFound, "Did you mean web?"), (missing.Code, missing.Remedy!.Steps[0].Words));
        // Also one whose driver seems to be gone, which a clock may only pretend.
        await Running(seenAgo: TimeSpan.FromHours(3));
        var busy = await Refused(() => Scale(3, after: 3));
        Assert.Equal((ProblemCode.Busy, Operation.WatchPromotion.Name), (busy.Code, busy.Remedy!.Steps[0].Operation));
        Assert.Equal(0, Rack.Scaled);
        Assert.Empty((await App()).Scale);
    }

    private async Task Published(string manifest = Manifest)
    {
        var app = await Rack.Store.App(cancel: Cancel);
        var release = A.Release() with { Manifest = ManifestId.Of(manifest) };
        Assert.True(await Rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest),
            Cancel));
        await Rack.Store.Promoted(release, cancel: Cancel);
        Rack.Counts = new() { [A.Web] = 2 };
    }

    /// <summary>Scales; the running service has this count afterwards.</summary>
    private async Task<ScaledService> Scale(int? count, int? after)
    {
        var scales = Rack.Scales;
        Rack.Scales = async () =>
        {
            await scales();
            if (after is { } running) Rack.Counts![A.Web] = running;
        };
        try
        {
            return await new ScaleService(Context).Run(new(await App(), A.Web, count), Cancel);
        }
        finally
        {
            Rack.Scales = scales;
        }
    }

    private static (int Before, int Now, int Asked) Counts(ScaledService scaled) => (scaled.Before, scaled.Now, scaled.Asked);
}
