using Releases.Testing;
using Xunit;

namespace Releases.Tests.Creating;

public sealed class CreateReleaseTests : IDisposable
{
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    private readonly PublishedApp _app = new();

    [Fact]
    public async Task The_first_publish_makes_the_app_a_build_and_a_release()
    {
        var created = await _app.Released("Hello");
        var app = await _app.Rack.Store.RequireApp(A.App);
        Assert.Equal((1, created.Release.Id, null), (app.LastNumber, app.Latest, app.Active));
        Assert.Equal("services:\n  web:\n    port: 8080\n", await _app.ManifestOf(created.Release));
        var web = Assert.Single(created.Release.Services).Value;
        Assert.Equal(("Hello/Hello.csproj", created.Build!.Id), (web.Project, web.Build));
        Assert.Equal((BuildStatus.Complete, created.Release.Id), (created.Build.Status, created.Build.Release));
        Assert.Equal(created.Build.Id, (await _app.Rack.Store.FindBuild(A.App, created.Build.Id))!.Id);
        Assert.Equal(
            [(EventKind.ReleaseCreated, A.Person), (EventKind.AppCreated, A.Person)],
            (await _app.Rack.Store.ListEvents(A.App, 10)).Select(e => (e.Kind, e.By)));
    }

    [Fact]
    public async Task Wrong_settings_of_the_rack_are_refused_before_anything_is_stored()
    {
        _app.Manifest("services: { web: { build: Hello, x-fake: { wrong: 1 } } }");
        _app.Rack.WrongExtensions.Add(new(ProblemCode.Manifest, "'x-fake' has no key 'wrong'."));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _app.Released("Hello"));
        Assert.Equal("'x-fake' has no key 'wrong'.", refused.Problems.Single().Message);
        Assert.Empty(await _app.Rack.Store.ListReleases(A.App, 10));
    }

    [Fact]
    public async Task A_second_project_joins_the_services_of_the_first()
    {
        var web = (await _app.Released("Hello")).Release;
        var both = (await _app.Released("Jobs", web: false)).Release;
        Assert.Equal("services:\n  web:\n    port: 8080\n  worker: {}\n", await _app.ManifestOf(both));
        Assert.Equal(web.Services[A.Web].Artifact!.Digest, both.Services[A.Web].Artifact!.Digest);
        Assert.Equal((web.Id, 2), (both.BasedOn, both.Number));
        Assert.Empty(both.Missing);
    }

    [Fact]
    public async Task Sixteen_publishes_at_the_same_moment_all_arrive()
    {
        await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(() => _app.Released($"P{i}", service: $"s{i}"))));
        var releases = await _app.Rack.Store.ListReleases(A.App, 20);
        Assert.Equal(Enumerable.Range(1, 16).Reverse().Select(n => (long)n), releases.Select(r => r.Number));
        Assert.Equal(16, releases[0].Services.Count);
        Assert.Empty(releases[0].Missing);
    }

    [Fact]
    public async Task The_services_of_a_release_are_exactly_those_of_its_manifest()
    {
        _app.Manifest("services: { web: { build: Hello }, old: { build: Old } }");
        await _app.Released("Hello");
        await _app.Released("Old");
        _app.Manifest("services: { web: { build: Hello }, worker: {} }");
        var release = (await _app.Released("Hello", version: "2")).Release;
        Assert.Equal([A.Web, Worker], release.Services.Keys.Order());
        Assert.Equal([Worker], release.Missing);
    }

    [Fact]
    public async Task A_project_is_the_service_whose_build_names_it_by_file_or_folder()
    {
        _app.Manifest("services: { api: { build: ./src/Api/ }, jobs: { build: src/Jobs/Jobs.csproj } }");
        Assert.Equal(["jobs"], (await _app.Released("src/Api")).Release.Missing.Select(m => m.ToString()));
        Assert.Empty((await _app.Released("src/Jobs")).Release.Missing);
    }

    [Fact]
    public async Task One_project_can_be_several_services()
    {
        _app.Manifest("services: { web: { build: Hello }, worker: { build: Hello, command: ./Hello --work } }");
        Assert.Empty((await _app.Released("Hello")).Release.Missing);
    }

    [Fact]
    public async Task A_build_that_is_a_folder_for_a_Dockerfile_names_no_project()
    {
        _app.Manifest("services: { web: { build: . } }");
        Assert.Empty((await _app.Released("Hello")).Release.Missing);
    }

    [Fact]
    public async Task An_image_is_what_the_rack_pins_it_to_each_time_a_release_is_made()
    {
        _app.Manifest("services: { web: {}, cache: { image: \"redis:7\" } }");
        _app.Rack.Stored.Pinned["redis:7"] = "redis@sha256:1";
        var first = (await _app.Released("Hello", service: "web")).Release;
        _app.Rack.Stored.Pinned["redis:7"] = "redis@sha256:2";
        var second = (await _app.Released("Hello", service: "web")).Release;
        var cache = ServiceName.Parse("cache");
        Assert.Equal(("redis@sha256:1", "redis@sha256:2"),
            (first.Services[cache].Artifact!.Reference, second.Services[cache].Artifact!.Reference));
        Assert.Null(second.Services[cache].Build);
    }

    [Theory]
    [InlineData("services: { api: {} }", null, "no service runs the project Hello/Hello.csproj: convox.yml has no service 'web'.")]
    [InlineData("services: { api: {} }", "jobs", "no service runs the project Hello/Hello.csproj: convox.yml has no service 'jobs'.")]
    [InlineData("services: { web: { image: nginx } }", null,
        "no service runs the project Hello/Hello.csproj: the service 'web' of convox.yml is an image.")]
    [InlineData("services: { web: { build: Other } }", null,
        "no service runs the project Hello/Hello.csproj: the service 'web' of convox.yml is another project.")]
    public async Task A_project_that_fits_no_service_is_a_clear_problem_and_a_failed_build(string manifest, string? service, string message)
    {
        _app.Manifest(manifest).Publish("Other");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _app.Released("Hello", service: service));
        Assert.Equal(message, problem.Problems[0].Message);
        var build = Assert.Single(await _app.Rack.Store.ListBuilds(A.App, 10));
        Assert.Equal(BuildStatus.Failed, build.Status);
        Assert.StartsWith(message, build.Reason, StringComparison.Ordinal);
        Assert.Empty(await _app.Rack.Store.ListReleases(A.App, 10));
    }

    [Fact]
    public async Task A_convox_yml_with_mistakes_fails_the_build_with_all_of_them()
    {
        _app.Manifest("services: { web: { prot: 1, drain: x } }");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _app.Released("Hello"));
        Assert.Equal(2, problem.Problems.Count);
        Assert.Equal(Path.Combine(_app.Folder, "convox.yml"), problem.Problems[0].Location!.File);
        Assert.Equal(BuildStatus.Failed, Assert.Single(await _app.Rack.Store.ListBuilds(A.App, 10)).Status);
    }

    [Fact]
    public async Task A_publish_without_output_fails_the_build()
    {
        var request = _app.Publish("Hello");
        request = request with { Projects = [request.Projects[0] with { Folder = Path.Combine(_app.Folder, "nowhere") }] };
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _app.Create.FromBuild(request));
        Assert.True(problem.Is(ProblemCode.NoPublishOutput));
        Assert.Equal(BuildStatus.Failed, Assert.Single(await _app.Rack.Store.ListBuilds(A.App, 10)).Status);
    }

    [Fact]
    public async Task Another_project_cannot_become_the_same_service()
    {
        await _app.Released("Hello");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _app.Released("Other"));
        Assert.True(problem.Is(ProblemCode.ProjectConflict));
        Assert.Equal("the service 'web' of hello is the project Hello/Hello.csproj, so it can't also be Other/Other.csproj.",
            problem.Problems[0].Message);
        Assert.Empty((await _app.Released("Other", service: "other")).Release.Missing);
    }

    [Fact]
    public async Task A_project_that_moved_is_the_service_whose_build_names_it()
    {
        await _app.Released("Hello");
        _app.Manifest("services: { web: { build: src/Hello } }");
        Assert.Equal("src/Hello/Hello.csproj", (await _app.Released("src/Hello")).Release.Services[A.Web].Project);
    }

    [Fact]
    public async Task Without_its_convox_yml_an_app_keeps_the_manifest_of_the_base()
    {
        _app.Manifest("environment: [FOO]\nservices: { web: { port: 5000 } }");
        await _app.Released("Hello");
        File.Delete(Path.Combine(_app.Folder, "convox.yml"));
        var text = await _app.ManifestOf((await _app.Released("Jobs", web: false)).Release);
        var manifest = ManifestReader.Read(text, "convox.yml").Require();
        Assert.Equal((5000, null), (manifest.Services[0].Port, manifest.Find(Worker)!.Port));
        Assert.Equal("FOO", Assert.Single(manifest.Environment).Key);
    }

    [Fact]
    public async Task A_release_can_be_based_on_the_active_one()
    {
        var first = (await _app.Released("Hello")).Release;
        await _app.Rack.Store.Promoted(first);
        var second = (await _app.Released("Jobs", web: false)).Release;
        var third = await _app.Released("Hello", from: "active", version: "3");
        Assert.Equal(first.Id, third.Release.BasedOn);
        Assert.Equal([A.Web], third.Release.Services.Keys);
        Assert.Equal($"Based on {first.Label}, the active release; {second.Label} is the latest.", third.Note);
        Assert.Equal(second.Id, (await _app.Released("Hello", from: "v2", version: "4")).Release.BasedOn);
    }

    [Fact]
    public async Task When_latest_and_active_differ_a_note_names_both()
    {
        var first = await _app.Released("Hello");
        Assert.Null(first.Note);
        await _app.Rack.Store.Promoted(first.Release);
        var second = await _app.Released("Hello", version: "2");
        Assert.Null(second.Note);
        var third = await _app.Released("Hello", version: "3");
        Assert.Equal($"Based on {second.Release.Label}, the latest release; {first.Release.Label} is active.", third.Note);
    }

    [Fact]
    public async Task Warnings_of_the_manifest_come_with_the_release()
    {
        _app.Manifest("services: { web: { timeout: 60, port: 8080 } }");
        Assert.Single((await _app.Released("Hello")).Warnings);
    }

    [Theory]
    [InlineData("scale: 1-3, port: 8080", "web starts with 1 of at most 3 processes; nothing scales it automatically on a local rack.")]
    [InlineData("port: 'https:8080'", "the local rack doesn't use TLS to reach processes, even with https.")]
    public async Task What_only_a_local_rack_lacks_is_warned_of_only_there(string keys, string message)
    {
        _app.Manifest($"services: {{ web: {{ {keys} }} }}");
        Assert.Empty((await _app.Released("Hello")).Warnings);
        _app.Rack.RunBy = new();
        Assert.Equal(message, Assert.Single((await _app.Released("Hello")).Warnings).Message);
    }

    [Fact]
    public async Task A_web_project_without_a_port_is_told_that_it_gets_no_address()
    {
        _app.Manifest("services: { web: {}, worker: {} }");
        var warning = Assert.Single((await _app.Released("Hello")).Warnings);
        Assert.StartsWith("web is a web project without a port: it gets no address", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_of_a_web_project_needs_no_port()
    {
        _app.Manifest("services: { web: { command: ./Hello import } }");
        Assert.Empty((await _app.Released("Hello")).Warnings);
    }

    [Fact]
    public async Task A_publish_into_a_deleted_app_revives_it_with_its_numbers()
    {
        await _app.Released("Hello");
        await _app.Rack.Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted));
        Assert.Equal(2, (await _app.Released("Hello")).Release.Number);
    }

    public void Dispose() => _app.Dispose();
}
