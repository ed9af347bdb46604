using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class RunTests : Typing
{
    private const string Manifest = "services:\n  web: { build: Web, environment: [GREETING=hello] }\n  worker: { build: Worker }\n";

    [Theory]
    [InlineData("ls -la|", "web", "ls -la")]
    [InlineData("|ls", "web", "ls")]
    [InlineData("|ls/-la/--json/-r/--rack=x", "web", "ls", "-la", "--json", "-r", "--rack=x")]
    [InlineData("|dotnet-ef/--help", "web", "--", "dotnet-ef", "--help")]
    [InlineData("|--odd/--", "web", "--", "--odd", "--")]
    [InlineData("|ls/--release/v1", "--release", "v1", "web", "ls", "--release", "v1")]
    [InlineData("|ls/-a", "-a", "hello", "web", "ls", "-a")]
    [InlineData("|run/run/@x/", "web", "run", "run", "@x", "")]
    [InlineData("|ls/-la", "--", "web", "ls", "-la")]
    public async Task What_follows_the_service_is_run_as_it_is_but_one_word_with_spaces_is_for_the_shell(string runs, params string[] words)
    {
        await Active();
        Rack.RanOnce.ExitCode = 7;
        Assert.Equal(7, await Type(["run", .. words]));
        var ran = Assert.Single(Rack.RanOnce.Run);
        Assert.Equal(runs, $"{ran.Command.Shell}|{string.Join('/', ran.Command.Arguments)}");
        Assert.Equal((A.Web, "hello"), (ran.Service.Service.Name, ran.Service.Environment["GREETING"]));
    }

    [Theory]
    [InlineData("'run' needs <service>.")]
    [InlineData("'run' needs <command>.", "web")]
    [InlineData("'--relase' is not an option of 'run'. Did you mean --release?", "web", "--relase", "v1", "ls")]
    [InlineData("'--oops' is not an option of 'run'.", "--oops", "web", "ls")]
    [InlineData("'nonsense' isn't a release", "web", "--release", "nonsense", "ls")]
    public async Task What_makes_no_sense_is_wrong_usage(string says, params string[] words)
    {
        await Active();
        Assert.Equal(2, await Type(["run", .. words]));
        Assert.Contains(says, Talk, StringComparison.Ordinal);
        Assert.Empty(Rack.RanOnce.Run);
    }

    [Fact]
    public async Task Without_an_active_release_it_says_what_to_do_and_one_that_is_named_is_run()
    {
        var release = await Published(Manifest);
        Assert.Equal(1, await Type("run", "web", "ls"));
        Assert.Equal(
            "error CONVOX0031: hello has no active release to run a command in. Promote one: dotnet convox promote. Use another release: pass --release <id>\n",
            Talk);
        Assert.Equal(0, await Type("run", "web", "--release", "v1", "ls"));
        Assert.Equal(release.Id, Assert.Single(Rack.RanOnce.Run).Release.Id);
    }

    [Fact]
    public async Task A_service_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var release = await Active();
        Assert.Equal(1, await Type("run", "wroker", "ls"));
        Assert.Equal(
            $"error CONVOX0023: v{release.Number} ({release.Id}) has no service 'wroker'. Did you mean worker? Its services: web, worker.\n",
            Talk);
    }

    [Fact]
    public async Task What_a_promotion_would_refuse_is_refused()
    {
        var release = await Published("environment: [DATABASE_URL]\nservices:\n  web: { build: Web }\n");
        Assert.Equal(1, await Type("run", "--release", release.Id.ToString(), "web", "ls"));
        Assert.Equal(
            "error CONVOX0014: missing required environment variable DATABASE_URL (web). "
                + $"Set it: dotnet convox env set DATABASE_URL=… --from {release.Id} --promote\n", Talk);
        Assert.Empty(Rack.RanOnce.Run);
    }

    [Fact]
    public async Task A_missing_variable_is_set_in_the_release_that_lacks_it_whatever_is_the_latest_or_active()
    {
        var lacks = await Published("environment: [DATABASE_URL]\nservices:\n  web: { build: Web }\n");
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(1, await Type("promote", "v1", "--dry-run"));
        var typed = Talk.Split("Set it: dotnet convox ")[1].Trim().Replace("…", "here", StringComparison.Ordinal);
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type(typed.Split(' ')));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v4"), Ending);
        Assert.Equal((lacks.Id, lacks.Manifest), (made.BasedOn, made.Manifest));
    }

    [Fact]
    public async Task It_is_kept_who_ran_what_without_a_value_of_the_environment()
    {
        await Active();
        await Type("env", "set", "TOKEN=swordfish-12");
        var revived = Daemon.Revived;
        await Type("run", "--release", "v2", "web", "curl -H swordfish-12 x");
        var kept = (await Rack.Store.ListEvents(A.App, 1, Ending))[0];
        Assert.Equal((EventKind.OneOffStarted, A.Person, "web: curl -H **** x"), (kept.Kind, kept.By, kept.Detail));
        Assert.Equal(revived, Daemon.Revived);
        await Type("env", "set", "TOKEN=sword'fish 12");
        await Type("run", "--release", "v3", "web", "curl", "X: sword'fish 12", "two words");
        Assert.Equal("web: curl 'X: ****' 'two words'", (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Detail);
    }

    private async Task<Release> Active()
    {
        var release = await Published(Manifest);
        await Rack.Store.ChangeApp(A.App, a => a with { Active = release.Id }, A.Event(EventKind.PromotionEnded, release.Id), Ending);
        return release;
    }

    private async Task<Release> Published(string manifest)
    {
        var app = await Rack.Store.CreateApp(A.App, A.Event(EventKind.AppCreated), Ending);
        var content = new ReleaseService { Artifact = Rack.Stored.Add(A.Artifact()), Build = BuildId.New() };
        var release = A.Release(1) with
        {
            Manifest = ManifestId.Of(manifest),
            Services = ManifestReader.Read(manifest, "convox.yml").Require().Services.ToDictionary(s => s.Name, _ => content),
        };
        Assert.True(await Rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest),
            Ending));
        return release;
    }
}
