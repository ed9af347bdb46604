using Releases.Testing;
using Xunit;

namespace Releases.Tests.Git;

public sealed class ActorTests : IAsyncDisposable
{
    private readonly FakeRack _rack = new();
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public async Task It_is_the_user_at_the_machine_where_nothing_else_is_known() => Assert.Equal("user@box", await Who());

    [Fact]
    public async Task It_is_whom_the_rack_takes_the_caller_for_unless_something_says_more()
    {
        _rack.TakesCallerFor = "arn:aws:sts::111122223333:assumed-role/deployer/some.body";
        Assert.Equal("arn:aws:sts::111122223333:assumed-role/deployer/some.body", await Who());
        _variables["CONVOX_ACTOR"] = "the release bot";
        Assert.Equal("the release bot", await Who());
    }

    [Fact]
    public async Task What_was_said_wins_over_everything()
    {
        _variables["CONVOX_ACTOR"] = "the release bot";
        _variables["GITHUB_ACTIONS"] = "true";
        _variables["GITHUB_ACTOR"] = "octocat";
        Assert.Equal("the release bot", await Who());
    }

    [Fact]
    public async Task On_GitHub_it_is_the_actor_with_the_run()
    {
        _variables["GITHUB_ACTIONS"] = "true";
        _variables["GITHUB_ACTOR"] = "octocat";
        _variables["GITHUB_SERVER_URL"] = "https://git.example";
        _variables["GITHUB_REPOSITORY"] = "some/thing";
        _variables["GITHUB_RUN_ID"] = "42";
        Assert.Equal("octocat (https://git.example/some/thing/actions/runs/42)", await Who());
        Assert.Equal(("octocat", new("https://git.example/some/thing/actions/runs/42")), Actor.Split(await Who()));
        _variables.Remove("GITHUB_RUN_ID");
        Assert.Equal("octocat", await Who());
        _variables.Remove("GITHUB_ACTIONS");
        Assert.Equal("user@box", await Who());
    }

    [Fact]
    public async Task On_GitLab_it_is_the_actor_with_the_job()
    {
        _variables["GITLAB_CI"] = "true";
        _variables["GITLAB_USER_LOGIN"] = "tanuki";
        _variables["CI_PIPELINE_URL"] = "https://git.example/some/thing/-/pipelines/1";
        Assert.Equal("tanuki (https://git.example/some/thing/-/pipelines/1)", await Who());
        Assert.Equal(("tanuki", new("https://git.example/some/thing/-/pipelines/1")), Actor.Split(await Who()));
        _variables["CI_JOB_URL"] = "https://git.example/some/thing/-/jobs/2";
        Assert.Equal("tanuki (https://git.example/some/thing/-/jobs/2)", await Who());
        Assert.Equal(("tanuki", new("https://git.example/some/thing/-/jobs/2")), Actor.Split(await Who()));
    }

    [Fact]
    public async Task On_Azure_Pipelines_it_is_who_asked_for_the_build_with_its_results()
    {
        _variables["TF_BUILD"] = "True";
        _variables["BUILD_REQUESTEDFOR"] = "Some Body";
        _variables["SYSTEM_COLLECTIONURI"] = "https://ci.example/org/";
        _variables["SYSTEM_TEAMPROJECT"] = "My Project";
        _variables["BUILD_BUILDID"] = "7";
        Assert.Equal("Some Body (https://ci.example/org/My%20Project/_build/results?buildId=7)", await Who());
        Assert.Equal(("Some Body", new("https://ci.example/org/My%20Project/_build/results?buildId=7")), Actor.Split(await Who()));
    }

    [Theory]
    [InlineData("x (https://evil/)")]
    [InlineData("x (http://git.example/some/thing/actions/runs/42)")]
    [InlineData("x (https://git.example@evil/some/thing/actions/runs/42)")]
    [InlineData("x (https://evil/?/actions/runs/42)")]
    [InlineData("x (https://evil/#/actions/runs/42)")]
    [InlineData("x (javascript:alert(1)//some/actions/runs/42)")]
    [InlineData(" (https://git.example/some/thing/actions/runs/42)")]
    [InlineData("x (https://git.example/some/thing/actions/runs/42) y")]
    [InlineData("Some Body (Contractor)")]
    [InlineData("user@box")]
    [InlineData("")]
    public void A_name_that_only_looks_like_one_with_a_run_is_a_name(string actor) => Assert.Equal((actor, null), Actor.Split(actor));

    [Fact]
    public async Task It_is_one_line()
    {
        _variables["CONVOX_ACTOR"] = " a\nb\u001b[31m ";
        Assert.Equal("ab[31m", await Who());
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    private async Task<string> Who() => await Actor.On(_rack, name => _variables.GetValueOrDefault(name), "user", "box");
}
