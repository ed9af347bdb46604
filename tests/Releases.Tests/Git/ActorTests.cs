using Xunit;

namespace Releases.Tests.Git;

public sealed class ActorTests
{
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void It_is_the_user_at_the_machine_where_nothing_else_is_known() => Assert.Equal("user@box", Who());

    [Fact]
    public void What_was_said_wins_over_everything()
    {
        _variables["CONVOX_ACTOR"] = "the release bot";
        _variables["GITHUB_ACTIONS"] = "true";
        _variables["GITHUB_ACTOR"] = "octocat";
        Assert.Equal("the release bot", Who());
    }

    [Fact]
    public void On_GitHub_it_is_the_actor_with_the_run()
    {
        _variables["GITHUB_ACTIONS"] = "true";
        _variables["GITHUB_ACTOR"] = "octocat";
        _variables["GITHUB_SERVER_URL"] = "https://git.example";
        _variables["GITHUB_REPOSITORY"] = "some/thing";
        _variables["GITHUB_RUN_ID"] = "42";
        Assert.Equal("octocat (https://git.example/some/thing/actions/runs/42)", Who());
        _variables.Remove("GITHUB_RUN_ID");
        Assert.Equal("octocat", Who());
        _variables.Remove("GITHUB_ACTIONS");
        Assert.Equal("user@box", Who());
    }

    [Fact]
    public void On_GitLab_it_is_the_actor_with_the_job()
    {
        _variables["GITLAB_CI"] = "true";
        _variables["GITLAB_USER_LOGIN"] = "tanuki";
        _variables["CI_PIPELINE_URL"] = "https://git.example/p/1";
        Assert.Equal("tanuki (https://git.example/p/1)", Who());
        _variables["CI_JOB_URL"] = "https://git.example/j/2";
        Assert.Equal("tanuki (https://git.example/j/2)", Who());
    }

    [Fact]
    public void On_Azure_Pipelines_it_is_who_asked_for_the_build_with_its_results()
    {
        _variables["TF_BUILD"] = "True";
        _variables["BUILD_REQUESTEDFOR"] = "Some Body";
        _variables["SYSTEM_COLLECTIONURI"] = "https://ci.example/org/";
        _variables["SYSTEM_TEAMPROJECT"] = "My Project";
        _variables["BUILD_BUILDID"] = "7";
        Assert.Equal("Some Body (https://ci.example/org/My%20Project/_build/results?buildId=7)", Who());
    }

    [Fact]
    public void It_is_one_line()
    {
        _variables["CONVOX_ACTOR"] = " a\nb\u001b[31m ";
        Assert.Equal("ab[31m", Who());
    }

    private string Who() => Actor.Of(name => _variables.GetValueOrDefault(name), "user", "box");
}
