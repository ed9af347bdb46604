using System.Globalization;
using Releases.Testing;
using Releases.Tests.Creating;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>A release of one rack becomes one of another, without being built there.</summary>
public sealed class CopyReleaseTests : OperationScenario, IDisposable
{
    private const string Staging = "local:/srv/staging";

    private readonly PublishedApp _app = new();
    private readonly FakeRack _from = new() { At = Staging };

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task A_copy_has_the_artifacts_and_the_manifest_and_says_where_it_is_from()
    {
        var release = await Released();
        var copy = await Copy(release.Id);
        var made = copy.Release;
        Assert.Equal(release.Services[A.Web].Artifact!.Digest, made.Services[A.Web].Artifact!.Digest);
        Assert.Equal(release.Manifest, made.Manifest);
        Assert.Equal(await _from.Store.ReadManifest(release.Manifest!.Value, Cancel),
            await Rack.Store.ReadManifest(made.Manifest!.Value, Cancel));
        Assert.Equal((1, $"copy of {release.Id}: a build", A.Person), (made.Number, made.Description, made.CreatedBy));
        Assert.Equal((Staging, A.App, release.Id, 1), (made.Origin!.Rack, made.Origin.App, made.Origin.Release, made.Origin.Number));
        var build = (await Rack.Store.FindBuild(A.App, made.Build!.Value, Cancel))!;
        Assert.Equal((BuildStatus.Complete, made.Id, release.Id), (build.Status, build.Release, build.Origin!.Release));
        Assert.Equal("a build", made.Services[A.Web].BuildDescription);
        Assert.Equal([EventKind.ReleaseCreated, EventKind.AppCreated], await Events());
    }

    [Fact]
    public async Task The_environment_stays_where_it_is_and_that_of_the_other_app_applies()
    {
        var release = await Released();
        var secret = await new EnvironmentRelease(_from, TimeProvider.System)
            .Create(new(A.App, new([new("TOKEN", "staging")], []), null, A.Person, false), Cancel);
        await Rack.Store.App(cancel: Cancel);
        var own = (await new EnvironmentRelease(Rack, TimeProvider.System)
            .Create(new(A.App, new([new("TOKEN", "production")], []), null, A.Person, false), Cancel))!;
        var copy = (await Copy(secret!.Release.Id)).Release;
        Assert.Equal((own.Release.Environment, own.Release.Id), (copy.Environment, copy.BasedOn));
        Assert.Equal([new("TOKEN", "production")], await Rack.ReadEnvironment(copy, Cancel));
        Assert.Equal(release.Services[A.Web].Artifact!.Digest, copy.Services[A.Web].Artifact!.Digest);
    }

    [Fact]
    public async Task Copying_the_same_again_makes_no_second_release()
    {
        var release = await Released();
        var (first, again) = (await Copy(release.Id), await Copy(release.Id));
        Assert.Equal((first.Release.Id, true, 1), (again.Release.Id, again.IsUnchanged, await Releases()));
        Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Cancel));
    }

    [Fact]
    public async Task Two_copies_at_the_same_moment_make_one_release()
    {
        var release = await Released();
        await Rack.Store.App(cancel: Cancel);
        CreatedRelease? first = null;
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, go) =>
        {
            // The other one is through just before this one writes.
            if (method.Name == nameof(IReleaseStore.TryAddRelease) && Rack.Interfered is not null)
            {
                Rack.Interfered = null;
                first = Copy(release.Id).GetAwaiter().GetResult();
            }

            return go();
        });
        var second = await Copy(release.Id);
        Assert.Equal((first!.Release.Id, true, 1), (second.Release.Id, second.IsUnchanged, await Releases()));
        Assert.All(
            await Rack.Store.ListBuilds(A.App, 10, Cancel),
            b => Assert.Equal((BuildStatus.Complete, first.Release.Id), (b.Status, b.Release)));
    }

    [Fact]
    public async Task Publish_folders_are_refused_by_a_rack_that_runs_images_before_anything_is_made()
    {
        var release = await Released();
        Rack.Stored.Kind = ArtifactKind.Image;
        var problem = await Refused(() => Copy(release.Id));
        Assert.Equal(
            (ProblemCode.NotSupported,
                $"v1 ({release.Id}) of hello on {Staging} has publish folders, and local runs container images. Nothing was copied."),
            (problem.Code, problem.Text));
        Assert.Null(await Rack.Store.FindApp(A.App, Cancel));
    }

    [Fact]
    public async Task A_release_without_an_artifact_or_with_a_damaged_one_is_refused()
    {
        await _from.Store.App(cancel: Cancel);
        var incomplete = await _from.Store.Release(with: r => A.Release(r.Number, complete: false), cancel: Cancel);
        Assert.Equal(ProblemCode.Incomplete, (await Refused(() => Copy(incomplete.Id))).Code);
        var release = await Released();
        _from.Stored.Damaged.Add(release.Services[A.Web].Artifact!.Digest);
        Assert.Equal(ProblemCode.DamagedArtifact, (await Refused(() => Copy(release.Id))).Code);
        Assert.Null(await Rack.Store.FindApp(A.App, Cancel));
    }

    [Fact]
    public async Task The_same_app_of_the_same_rack_is_no_place_to_copy_to()
    {
        var release = await Rack.Store.Release(cancel: Cancel);
        var problem = await Refused(() => new CopyRelease(Context).Run(Rack, A.App, release.Id, A.App, Cancel));
        Assert.Equal((ProblemCode.Usage, ProblemKind.Usage), (problem.Code, problem.Kind));
    }

    [Fact]
    public async Task What_fails_on_the_way_leaves_a_failed_build_and_no_release_and_the_next_attempt_succeeds()
    {
        var release = await Released();
        Rack.Stored.Refuses = Problem.Unavailable(ProblemCode.Unreachable, "the registry can't be reached.").ToException();
        Assert.Equal(ProblemCode.Unreachable, (await Refused(() => Copy(release.Id))).Code);
        Assert.Equal(0, await Releases());
        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Cancel));
        Assert.Equal((BuildStatus.Failed, "the registry can't be reached.", release.Id),
            (build.Status, build.Reason, build.Origin!.Release));
        Rack.Stored.Refuses = null;
        Assert.Equal(1, (await Copy(release.Id)).Release.Number);
    }

    [Fact]
    public async Task Services_that_share_an_artifact_bring_it_once()
    {
        _app.Manifest("services: { web: { build: Hello }, worker: { build: Hello } }");
        var release = await Released();
        await Copy(release.Id);
        Assert.Single(Rack.Stored.Received);
    }

    /// <summary>
    /// The copies that production has: each is the release of staging with that number, or, with a plus sign, an environment made on it.
    /// The release of staging that is copied last has the number 20.
    /// </summary>
    [Theory]
    [InlineData(null, "10 12", null)]
    [InlineData(12, "10 12 13", 2)]
    [InlineData(12, "10 12 + 13 +", 2)]
    [InlineData(12, "10 + 12", 3)]
    [InlineData(12, "12 13", 1)]
    [InlineData(12, "12 10 13", 3)]
    [InlineData(14, "10 12 13", 4)]
    [InlineData(20, "10 12", 3)]
    [InlineData(12, "", 1)]
    public async Task A_copy_goes_back_as_far_as_the_original_does_in_the_numbers_of_its_own_rack(int? oldest, string copies, int? limit)
    {
        var staging = await Twenty(oldest);
        foreach (var copied in copies.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (copied == "+") await new EnvironmentRelease(Rack, TimeProvider.System)
                .Create(new(A.App, new([new("TOKEN", $"{Guid.NewGuid()}")], []), null, A.Person, false), Cancel);
            else await Copy(staging[int.Parse(copied, CultureInfo.InvariantCulture) - 1]);
        Assert.Equal(limit, (await Copy(staging[^1])).Release.Oldest);
    }

    [Fact]
    public async Task A_limit_that_the_receiving_app_has_stays()
    {
        var staging = await Twenty(oldest: 12);
        await Copy(staging[9]);
        await Copy(staging[^1]);
        Assert.Equal(2, (await Copy(staging[12])).Release.Oldest);
    }

    /// <summary>Twenty releases of staging, the last of which states how far back one can go.</summary>
    private async Task<List<ReleaseId>> Twenty(int? oldest)
    {
        var made = await Released();
        var all = new List<ReleaseId> { made.Id };
        while (all.Count < 20)
            all.Add((await _from.Store.Release(with: r => r with
            {
                Services = made.Services,
                Manifest = made.Manifest,
                Build = made.Build,
                Oldest = r.Number == 20 ? oldest : null,
            }, cancel: Cancel)).Id);
        return all;
    }

    private async Task<Release> Released() =>
        (await new CreateRelease(_from, TimeProvider.System).FromBuild(_app.Publish("Hello"), Cancel)).Release;

    private Task<CreatedRelease> Copy(ReleaseId release) => new CopyRelease(Context).Run(_from, A.App, release, A.App, Cancel);
}
