using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class AppsTests : Typing
{
    [Fact]
    public async Task Each_app_is_told_by_its_record_and_by_what_really_runs()
    {
        await Rack.Store.App(AppName.Parse("empty"), Ending);
        var release = await Rack.Store.Release(with: r => r with { Id = ReleaseId.Parse("ROCHMCOUESG") }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(release.Id);
        Rack.NowRunning.ServiceList.Clear();

        Assert.Equal(0, await Type("apps"));
        Assert.Equal(
            """
            APP    STATUS   RELEASE
            empty  empty
            hello  stopped  ROCHMCOUESG

            """, Data);
        await Type("apps", "--json");
        var apps = JsonDocument.Parse(Data).RootElement;
        Assert.Equal(JsonValueKind.Null, apps[0].GetProperty("release").ValueKind);
        Assert.Equal("ROCHMCOUESG", apps[1].GetProperty("release").GetString());
    }

    [Theory]
    [InlineData(2, null, false, "running")]
    [InlineData(1, null, false, "degraded")]
    [InlineData(2, "port 20001 is in use", false, "degraded")]
    [InlineData(2, null, true, "drifted")]
    public async Task A_status_compares_what_runs_with_what_is_active(int healthy, string? problem, bool other, string status)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(other ? ReleaseId.New() : release.Id, healthy, problem);

        Assert.Equal(0, await Type("apps", "info"));
        Assert.Contains($"Status   {status}\n", Data, StringComparison.Ordinal);
        if (other) Assert.Contains($"but {release.Label} is active.", Talk, StringComparison.Ordinal);
        if (problem is not null) Assert.Contains($"web: {problem}", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_whose_service_is_missing_has_drifted()
    {
        var release = await Rack.Store.Release(
            with: r => r with
            {
                Services = new Dictionary<ServiceName, ReleaseService>(r.Services)
                { [ServiceName.Parse("worker")] = r.Services[A.Web] }
            }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(release.Id);

        Assert.Equal(0, await Type("apps", "info", "hello", "--json"));
        Assert.Equal("drifted", JsonDocument.Parse(Data).RootElement.GetProperty("status").GetString());
        await Type("services");
        Assert.Contains($"worker isn't running, but it is in {release.Label}, the active release.\n", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My App$x", " --app my-app-x")]
    [InlineData("123", " --app <app>")]
    [InlineData("My App", "")]
    public async Task The_first_deploy_names_the_app_where_the_folder_cannot(string folder, string option)
    {
        Variables.Remove("CONVOX_APP");
        Directory.CreateDirectory(Path.Combine(Folder, folder, ".convox"));
        Here = folder;
        await Type("apps");
        Assert.EndsWith($"Create one with the first deploy: dotnet convox deploy{option}\n", Talk, StringComparison.Ordinal);
        if (option.StartsWith(" --app <", StringComparison.Ordinal)) return;
        foreach (var command in (string[])["apps info", "services", "scale", "cancel"])
        {
            Assert.Equal(1, await Type(command.Split(' ')));
            Assert.EndsWith($"Create it: dotnet convox deploy{option}\n", Talk, StringComparison.Ordinal);
        }

        Variables["CONVOX_APP"] = "shop";
        await Type("apps", "info");
        Assert.EndsWith("Create it: dotnet convox deploy\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_are_made_and_removed()
    {
        Assert.Equal(0, await Type("apps", "create", "shop"));
        Assert.Equal("Created shop\n", Data);
        Assert.Equal(1, await Type("apps", "create", "shop"));
        Assert.StartsWith("error CONVOX0022: ", Talk, StringComparison.Ordinal);

        Assert.Equal(2, await Type("apps", "delete", "shop"));
        Assert.Equal(
            "error CONVOX0032: this command asks for confirmation and there is no terminal to ask on; nothing changed. Pass --yes.\n",
            Talk);
        Assert.Equal(1, await Type(at => (at.Attended, at.Typed) = (true, "n\n"), "apps", "delete", "shop"));
        Assert.EndsWith("Nothing changed; shop is still there.\n", Talk, StringComparison.Ordinal);
        Assert.Equal(0, await Type(at => (at.Attended, at.Typed) = (true, "yes\n"), "apps", "delete", "shop"));
        Assert.Equal("Deleted shop\n", Data);
        Assert.Equal(1, await Type("apps", "delete", "shop", "--yes"));
        await Type("apps", "create", "other");
        Assert.Equal(0, await Type("apps", "delete", "other", "--yes", "--json"));
        Assert.Equal(0, JsonDocument.Parse(Data).RootElement.GetProperty("lastVersion").GetInt32());
        Assert.Empty(await Rack.Store.ListApps(Ending));
        Assert.Equal([AppName.Parse("shop"), AppName.Parse("other")], ((RecordingDriver)Rack.DrivenBy).Ensured);
    }

    [Fact]
    public async Task Services_are_listed_with_counts_and_addresses()
    {
        var release = await Rack.Store.Release(with: r => r with { Id = ReleaseId.Parse("ROCHMCOUESG") }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(release.Id);

        Assert.Equal(0, await Type("services"));
        Assert.Equal(
            """
            SERVICE  STATUS   HEALTHY  RELEASE      DIRECT URL              URL
            web      running  2/2      ROCHMCOUESG  http://127.0.0.1:20000  http://web.hello.localhost:8480

            """, Data);
        await Type("services", "--json");
        var web = JsonDocument.Parse(Data).RootElement[0];
        Assert.Equal("http://127.0.0.1:20000", web.GetProperty("directUrl").GetString());
        Assert.Equal(2, web.GetProperty("desired").GetInt32());
    }

    [Fact]
    public async Task Services_count_the_healthy_processes()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(release.Id, healthy: 0);

        Assert.Equal(0, await Type("services"));
        Assert.Contains("web      degraded  0/2", Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_rack_is_stopped_a_promotion_does_not_hide_it(bool hasActive)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        if (hasActive) await Rack.Store.Promoted(release, cancel: Ending);
        var open = A.Promotion(release, previous: hasActive ? release.Id : null);
        await Rack.Store.BeginPromotion(open, "the daemon", A.Event(EventKind.PromotionStarted, release.Id, open.Id), Ending);

        foreach (var command in (string[])["services", "ps"])
        {
            Assert.Equal(0, await Type(command));
            Assert.Equal("hello isn't running because the rack is stopped. Start it: dotnet convox rack start\n", Talk);
        }
    }

    [Fact]
    public async Task A_template_for_AWS_warns_of_nothing_that_concerns_a_local_rack_alone()
    {
        File.WriteAllText(
            Path.Combine(Folder, "convox.yml"), "services: { web: { port: 'https:8080', scale: 1-30, environment: [PORT=1] } }");
        Assert.Equal(0, await Type("apps", "template"));
        Assert.Contains("PORT is ignored", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("local rack", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_rack_is_stopped_the_services_are_too()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);

        Assert.Equal(0, await Type("services"));
        Assert.Contains("web      stopped  0/0", Data, StringComparison.Ordinal);
        Assert.Equal("hello isn't running because the rack is stopped. Start it: dotnet convox rack start\n", Talk);
        Assert.Equal(0, await Type("ps"));
        Assert.Equal("", Data);
        Assert.Empty(((RecordingDriver)Rack.DrivenBy).Ensured);
    }

    [Fact]
    public async Task Processes_are_listed_and_say_where_they_have_drifted()
    {
        var release = await Rack.Store.Release(with: r => r with { Id = ReleaseId.Parse("ROCHMCOUESG") }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Runs(release.Id);
        Rack.NowRunning.ProcessList.Add(new("web-1", A.Web, release.Id, ProcessStatus.Healthy, A.Moment, 0, 4711, 44_000_000));
        Rack.NowRunning.ProcessList.Add(new("web-2", A.Web, ReleaseId.Parse("RIHVPQXQWSR"), ProcessStatus.Healthy, A.Moment, 3,
            4712, null));

        Assert.Equal(0, await Type("ps"));
        Assert.Equal(
            """
            ID     SERVICE  STATUS            RELEASE      UPTIME  RESTARTS  MEMORY
            web-1  web      healthy           ROCHMCOUESG  15m     0         42 MB
            web-2  web      healthy, drifted  RIHVPQXQWSR  15m     3

            """, Data);
        await Type("ps", "--json");
        Assert.True(JsonDocument.Parse(Data).RootElement[1].GetProperty("drifted").GetBoolean());
    }

    [Fact]
    public async Task An_app_whose_services_would_go_on_without_its_records_is_kept_until_that_is_wanted()
    {
        await Rack.Store.Release(cancel: Ending);
        Rack.Outlives.Add("hello-web");

        Assert.Equal(1, await Type("apps", "delete", "hello", "--yes"));
        Assert.StartsWith("error CONVOX0033: hello-web of hello still run its releases and read its environment ", Talk, StringComparison.Ordinal);
        Assert.Equal(1, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        Assert.Equal(0, await Type("apps", "delete", "hello", "--yes", "--keep-running"));
        Assert.Equal("Deleted hello\n", Data);
    }

    private void Runs(ReleaseId release, int healthy = 2, string? problem = null) => Rack.NowRunning.ServiceList.Add(
        new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 2, 2, healthy, release, problem));
}
