using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class RackTests : Typing
{
    [Fact]
    public async Task Metrics_are_served_at_a_port_and_no_longer()
    {
        Assert.Equal(0, await Type("rack", "metrics"));
        Assert.Equal(("", "No metrics are served. Serve them: dotnet convox rack metrics --port 9464\n"), (Data, Talk));
        Assert.Equal(0, await Type("rack", "metrics", "--port", "9465"));
        Assert.Equal("http://127.0.0.1:9465/metrics\n", Data);
        Assert.Equal(0, await Type("rack", "metrics", "--json"));
        Assert.Equal("http://127.0.0.1:9465/metrics", JsonDocument.Parse(Data).RootElement.GetProperty("url").GetString());
        Assert.Equal(0, await Type("rack", "metrics", "--off", "--json"));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Data).RootElement.GetProperty("url").ValueKind);
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "metrics")]
    [InlineData("--port", "9464", "--off")]
    public async Task Metrics_cannot_be_served_at_a_port_that_is_none(params string[] options)
    {
        Assert.Equal(2, await Type(["rack", "metrics", .. options]));
        Assert.Equal("", Data);
    }

    [Fact]
    public async Task The_rack_is_shown_started_and_stopped()
    {
        Assert.Equal(0, await Type("rack"));
        Assert.Equal($"Address  local\nKind     local\nStatus   stopped\nTool     {ToolVersion.Text}\n", Data);
        Assert.Equal(0, await Type("rack", "start"));
        Assert.Equal(
            $"""
            Address  local
            Kind     local
            Status   running
            Pid      4711
            Daemon   {ToolVersion.Text}
            Tool     {ToolVersion.Text}
            Router   http://localhost:8480
            Started  15 minutes ago

            """, Data);
        await Type("rack", "--json");
        var rack = JsonDocument.Parse(Data).RootElement;
        Assert.Equal("", Talk);
        Assert.Equal(("local", "local", 4711, ToolVersion.Text, ToolVersion.Text), (
            rack.GetProperty("address").GetString(), rack.GetProperty("kind").GetString(), rack.GetProperty("pid").GetInt32(),
            rack.GetProperty("version").GetString(),
            rack.GetProperty("toolVersion").GetString()));
        Assert.Equal(0, await Type("rack", "restart"));
        Assert.Equal(0, await Type("rack", "stop"));
        Assert.StartsWith("Stopped the rack", Talk, StringComparison.Ordinal);
        Assert.Equal(0, await Type("rack", "stop", "--json"));
        Assert.Equal("The rack wasn't running.\n", Talk);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Data).RootElement.GetProperty("pid").ValueKind);
    }

    [Fact]
    public async Task A_rack_that_has_a_daemon_has_no_agent_and_no_promotion_to_drive()
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(2, await Type("rack", "agent"));
        Assert.Contains("needs no agent: its daemon drives every promotion", Talk, StringComparison.Ordinal);
        Assert.Equal(2, await Type("promote", "--drive"));
        Assert.Contains("Leave it to the daemon: leave out --drive", Talk, StringComparison.Ordinal);
        Assert.Equal(2, await Type("promote", "--supersede", "--yes"));
        Assert.Contains("only promotions deploy, so there is nothing else to supersede", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    public async Task A_rack_without_a_daemon_is_not_opened_to_say_so(string word)
    {
        Assert.Equal(2, await Type("rack", word, "--rack", "aws://eu-west-1/production"));
        Assert.StartsWith(
            "error CONVOX0020: rack aws://eu-west-1/production has no daemon to start or stop; nothing changed.", Talk,
            StringComparison.Ordinal);
        Assert.Empty(Opened);
    }

    [Fact]
    public async Task The_agents_of_a_rack_are_shown()
    {
        string[] rack = ["rack", "--rack", "aws://eu-west-1/production"];
        Assert.Equal(0, await Type(rack));
        Assert.Contains("Agent    none; commands drive their promotions\n", Data, StringComparison.Ordinal);
        Rack.Agents = [new() { Id = "1", Owner = "agent 1 on box", Version = "0.3.0", StartedAt = A.Moment, SeenAt = A.Moment }];
        Assert.Equal(0, await Type(rack));
        Assert.Contains("Agent    agent 1 on box, version 0.3.0, seen 15 minutes ago\n", Data, StringComparison.Ordinal);
        Assert.Equal(0, await Type([.. rack, "--json"]));
        Assert.Equal("agent 1 on box", JsonDocument.Parse(Data).RootElement.GetProperty("agents")[0].GetProperty("owner").GetString());
    }

    [Theory]
    [InlineData("apps")]
    [InlineData("apps", "info", "hello")]
    [InlineData("builds")]
    [InlineData("env")]
    [InlineData("events")]
    [InlineData("logs")]
    [InlineData("promotions")]
    [InlineData("ps")]
    [InlineData("rack")]
    [InlineData("releases")]
    [InlineData("releases", "info", "v1")]
    [InlineData("releases", "diff", "v1", "v1")]
    [InlineData("scale")]
    [InlineData("services")]
    public async Task Looking_starts_no_daemon(params string[] words)
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(0, await Type(words));
        Assert.Equal(0, Daemon.Revived);
    }

    [Fact]
    public async Task A_start_returns_when_every_active_service_answers_or_says_which_does_not()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        var active = release.Id;
        foreach (var word in (string[])["start", "restart"])
        {
            Rack.NowRunning.ServiceList.Clear();
            Rack.NowRunning.ServiceList.Add(new(A.Web, null, null, 2, 2, 1, active, null));
            Assert.Equal(0, await Type("rack", word));

            Rack.NowRunning.ServiceList[0] = Rack.NowRunning.ServiceList[0] with
            { Healthy = 0, Problem = "exited with code 3 after 0.1 s" };
            Assert.Equal(1, await Type("rack", word));
            Assert.Equal(
                "Waiting for web of hello to answer.\nerror CONVOX0016: the rack is running, but a service that was active doesn't answer yet: web of hello (exited with code 3 after 0.1 s). See why: dotnet convox logs --app hello\n",
                Talk);
        }
    }

    [Fact]
    public async Task A_release_that_was_not_started_is_no_stopped_rack_and_its_reason_can_be_found()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Assert.Equal(1, await Type("rack", "start"));
        Assert.Equal(
            "error CONVOX0016: the rack is running, but a service that was active doesn't answer yet: web of hello (it wasn't started). "
                + $"See why: dotnet convox releases verify --app hello {release.Id}. "
                + "Restart it: dotnet convox restart --app hello\n", Talk);
        foreach (var words in (string[])["ps", "services", "apps info"])
        {
            Assert.Equal(0, await Type(words.Split(' ')));
            Assert.EndsWith(
                $"hello isn't running although the rack is: v1 ({release.Id}), the active release, wasn't started. "
                    + $"See why: dotnet convox releases verify {release.Id}. "
                    + "Restart it: dotnet convox restart\n", Talk, StringComparison.Ordinal);
        }

        Assert.Equal(0, await Type("apps", "--json"));
        Assert.Equal("drifted", JsonDocument.Parse(Data).RootElement[0].GetProperty("status").GetString());
        await Type("rack", "stop");
        Assert.Equal(0, await Type("ps"));
        Assert.Equal("hello isn't running because the rack is stopped. Start it: dotnet convox rack start\n", Talk);
    }

    [Theory]
    [InlineData("0.0.9", "restart the rack to update it: dotnet convox rack restart")]
    [InlineData("99.0.0", "update this tool: dotnet tool update dotnet-convox")]
    public async Task A_daemon_of_another_version_is_told_with_how_to_make_them_the_same(string version, string how)
    {
        Daemon.State = FakeDaemon.Running(version);
        Assert.Equal(0, await Type("rack"));
        Assert.Equal($"note: the daemon has version {version}, this tool {ToolVersion.Text}; {how}\n", Talk);
        Assert.Contains($"Daemon   {version}\nTool     {ToolVersion.Text}\n", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_are_lines_with_time_and_process_or_json()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", release.Id, "listening"));

        Assert.Equal(0, await Type("logs", "--service", "web", "--since", "20m", "--tail", "5", "--release", "v1"));
        Assert.Equal("2026-01-02T03:04:05.000Z web-1 listening\n", Data);
        await Type("logs", "--json");
        Assert.Equal("listening", JsonDocument.Parse(Data).RootElement[0].GetProperty("text").GetString());
        await Type("logs", "--json", "-f");
        Assert.Equal("web-1", JsonDocument.Parse(Assert.Single(Data.Trim().Split('\n'))).RootElement.GetProperty("process").GetString());
    }

    [Fact]
    public async Task Builds_are_listed_with_what_became_of_them()
    {
        await Rack.Store.App(cancel: Ending);
        var build = A.Build() with
        { Id = BuildId.Parse("BBLTITAIGHI"), EndedAt = A.Moment + TimeSpan.FromSeconds(75), Release = ReleaseId.Parse("ROCHMCOUESG") };
        await Rack.Store.SaveBuild(build, Ending);
        await Rack.Store.SaveBuild(A.Build(BuildStatus.Failed, "") with
        { Id = BuildId.Parse("BNNJBWFAWYJ"), Reason = "the disk is full", EndedAt = A.Moment }, Ending);

        Assert.Equal(0, await Type("builds"));
        Assert.Equal(
            """
            ID           STATUS    RELEASE      STARTED         ELAPSED  DESCRIPTION
            BNNJBWFAWYJ  failed                 15 minutes ago  0s
            BBLTITAIGHI  complete  ROCHMCOUESG  15 minutes ago  1m 15s   build 7329df90c1 this is my commit message

            """, Data);
        Assert.Equal(0, await Type("builds", "info", "bnnjbwfawyj"));
        Assert.Contains("Reason       the disk is full\n", Data, StringComparison.Ordinal);
        Assert.Equal(1, await Type("builds", "info", "BAAAAAAAAAA"));
        Assert.StartsWith("error CONVOX0023: ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_nobody_makes_any_more_has_failed()
    {
        await Rack.Store.App(cancel: Ending);
        await Rack.Store.SaveBuild(A.Build(BuildStatus.Running) with { StartedAt = Time.GetUtcNow() }, Ending);
        Time.Advance(TimeSpan.FromMinutes(2));
        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 1, Ending));
        await Rack.Store.RenewBuild(A.App, build.Id, Time.GetUtcNow(), Ending);
        Time.Advance(TimeSpan.FromMinutes(2));
        await Type("builds", "info", build.Id.ToString());
        Assert.Contains("Status       running\n", Data, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromMinutes(1));
        await Type("builds", "info", build.Id.ToString());
        Assert.Contains("Status       failed\nReason       the build process ended without reporting a result.\n", Data,
            StringComparison.Ordinal);
        Assert.Contains("Elapsed      2m\n", Data, StringComparison.Ordinal);
        await Type("builds");
        Assert.Contains($"{build.Id}  failed ", Data, StringComparison.Ordinal);
    }
}
