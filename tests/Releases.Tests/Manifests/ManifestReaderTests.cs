using Xunit;
using static Releases.Tests.Manifests.ReadingManifest;

namespace Releases.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_service_that_says_nothing_has_Convoxs_defaults()
    {
        var service = Service("services:\n  worker:\n");
        Assert.Equal("worker", service.Name.ToString());
        Assert.Null(service.Port);
        Assert.Equal(new HealthCheck(), service.Health);
        Assert.Equal(new Deployment { Minimum = 50, Maximum = 200, Timeout = TimeSpan.FromMinutes(10) }, service.Deployment);
        Assert.Equal(1, service.Scale.Count);
        Assert.Equal(TimeSpan.FromSeconds(30), service.Drain);
        Assert.Equal(TimeSpan.FromSeconds(30), service.TerminationGrace);
        Assert.Empty(service.Stated);
    }

    [Fact]
    public void Everything_that_is_stated_is_read()
    {
        var service = Service("""
            services:
              web:
                build: src/Web
                command: ["./Web", "--verbose"]
                release: ./migrate ${DATABASE_URL}
                port: 5000
                health: { path: /check, grace: 20, interval: 10, timeout: 3 }
                scale: { count: 2, cpu: 256, memory: 512 }
                deployment: { minimum: 25, maximum: 150, timeout: 900 }
                drain: 5
                termination: { grace: 45 }
                environment: [FOO, "BAR=some text", "*"]
                x-aws: { service: legacy-web, count: "1" }
            """);
        Assert.Equal("src/Web", service.Build);
        Assert.Equal(["./Web", "--verbose"], service.Command!.Arguments);
        Assert.Equal("./migrate ${DATABASE_URL}", service.Release!.Shell);
        Assert.Equal(5000, service.Port);
        Assert.Equal(new() { Path = "/check", Grace = Seconds(20), Interval = Seconds(10), Timeout = Seconds(3) }, service.Health);
        Assert.Equal(new() { Count = 2, Cpu = 256, Memory = 512 }, service.Scale);
        Assert.Equal(new() { Minimum = 25, Maximum = 150, Timeout = Seconds(900) }, service.Deployment);
        Assert.Equal(Seconds(5), service.Drain);
        Assert.Equal(Seconds(45), service.TerminationGrace);
        Assert.Equal([new("FOO", null), new("BAR", "some text"), new("*", null)], service.Environment);
        Assert.Equal("service: legacy-web\ncount: \"1\"\n", YamlWriter.Write(service.Extensions["x-aws"]));
        Assert.Contains("scale.cpu", service.Stated);
        Assert.Contains("deployment.minimum", service.Stated);
        Assert.Contains("termination.grace", service.Stated);
        Assert.DoesNotContain("singleton", service.Stated);
    }

    [Fact]
    public void Reads_how_the_traffic_moves()
    {
        var service = Service("""
            services:
              web:
                verify: ./smoke.sh
                deployment: { strategy: canary, percent: 5, interval: 90s, bake: 10m, judge: { errors: 0.5 } }
            """);
        Assert.Equal("./smoke.sh", service.Verify!.Shell);
        Assert.Equal(
            new()
            {
                Strategy = DeploymentStrategy.Canary,
                Percent = 5,
                Interval = Seconds(90),
                Bake = Seconds(600),
                Judge = new(0.5m, 1.5m)
            }, service.Deployment);
        Assert.Contains("deployment.strategy", service.Stated);
        Assert.Contains("verify", service.Stated);
    }

    [Fact]
    public void A_strategy_has_its_defaults()
    {
        var expected = new Deployment
        { Strategy = DeploymentStrategy.Linear, Percent = 10, Interval = Seconds(120), Bake = Seconds(300), Judge = new() };
        Assert.Equal(expected, Service("services: { web: { deployment: { strategy: linear } } }").Deployment);
        Assert.Equal(expected with { Judge = null },
            Service("services: { web: { deployment: { strategy: linear, judge: off } } }").Deployment);
        Assert.Equal(new(), Service("services: { web: {} }").Deployment);
    }

    [Fact]
    public void Services_keep_the_order_of_the_file()
    {
        var manifest = Read("services: { web: {}, api: {}, worker: {} }").Require();
        Assert.Equal(["web", "api", "worker"], manifest.Services.Select(s => s.Name.ToString()));
    }

    [Fact]
    public void The_limit_of_a_promotion_is_the_largest_timeout() =>
        Assert.Equal(Seconds(900), Read("services: { a: { deployment: { timeout: 900 } }, b: {} }").Require().Timeout);

    [Fact]
    public void A_health_check_waits_an_interval_first_and_has_less_than_one_to_answer()
    {
        var health = Service("services: { web: { health: { interval: 12 } } }").Health;
        Assert.Equal((Seconds(12), Seconds(11)), (health.Grace, health.Timeout));
        Assert.Null(health.Path);
        Assert.Null(health.Host);
        Assert.Equal("www.example.com:8080",
            Service("services: { web: { health: { path: /up, host: 'www.example.com:8080' } } }").Health.Host);
        Assert.Equal("/up", Service("services: { web: { health: /up } }").Health.Path);
        Assert.Equal(Seconds(1), Service("services: { web: { health: { interval: 1 } } }").Health.Timeout);
    }

    [Fact]
    public void A_singleton_is_stopped_before_it_is_started()
    {
        var limits = Service("services: { web: { singleton: true, deployment: { timeout: 60 } } }").Deployment;
        Assert.Equal((0, 100), (limits.Minimum, limits.Maximum));
    }

    [Fact]
    public void Scale_can_be_just_a_count()
    {
        var service = Service("services: { web: { scale: 3 } }");
        Assert.Equal(3, service.Scale.Count);
        Assert.Contains("scale.count", service.Stated);
    }

    [Theory]
    [InlineData("shop.example.org", "shop.example.org")]
    [InlineData("${HOST:-a.org}, '*.b.org'", "${HOST:-a.org} '*.b.org'")]
    [InlineData("[a.org, 'b.org,A.org']", "a.org b.org")]
    public void A_domain_is_a_name_or_several(string written, string read) =>
        Assert.Equal(read,
            string.Join(' ', Service($"services: {{ web: {{ domain: {(written[0] == '[' ? written : $"\"{written}\"")} }} }}").Domains));

    [Fact]
    public void Targets_say_what_scales_a_range_so_that_nobody_is_warned_of_it()
    {
        const string Text = "services: { web: { scale: { count: 2-10, targets: { cpu: 70, requests: 1000 } } } }";
        Assert.Empty(Warnings(Text));
        Assert.Equal((2, 10, new ScaleTargets(70, null, 1000)),
            (Service(Text).Scale.Count, Service(Text).Scale.Most, Service(Text).Scale.Targets));
    }

    [Fact]
    public void What_an_earlier_version_ignored_a_stored_release_may_have_in_any_form()
    {
        const string Text = "services: { web: { domain: { a: 1 }, internal: 7, scale: { targets: { cpu: lots, gpu: 1 } } } }";
        Assert.Equal(4, Read(Text).Problems.Count);
        Assert.Empty(ManifestReader.ReadStored(Text, "convox.yml").Require().Services[0].Domains);
    }

    [Fact]
    public void Keys_that_Convox_knows_and_nobody_here_needs_give_a_warning_each() => Assert.Equal(
        [
            "convox.yml(1,1): 'resources' isn't supported and is ignored.",
            "convox.yml(5,5): 'certificate' isn't supported and is ignored.",
            "convox.yml(7,7): 'manifest' isn't supported and is ignored.",
            "convox.yml(9,1): 'timers' isn't supported and is ignored.",
        ],
        Warnings("""
            resources:
              database: { type: postgres }
            services:
              web:
                certificate: ${HOST}
                build:
                  manifest: Dockerfile
                  path: .
            timers: {}
            """));

    [Fact]
    public void A_variable_that_the_rack_gives_is_ignored_with_a_warning()
    {
        const string Text = "environment:\n  - PORT=3000\n  - FOO\nservices: { web: {} }";
        Assert.Equal(["convox.yml(2,5): PORT is ignored: the rack sets it for every process."], Warnings(Text));
        Assert.Equal([new("FOO", null)], Read(Text).Require().Environment);
    }

    [Theory]
    [InlineData("URLS=http://localhost:5000", " Remove it, or write URLS=http://127.0.0.1:${PORT} (in a container http://*:${PORT}).")]
    [InlineData("dotnet_urls=http://*:$${PORT}",
        " Remove it, or write dotnet_urls=http://127.0.0.1:${PORT} (in a container http://*:${PORT}).")]
    [InlineData("Kestrel__Endpoints__A__Url=http://*:${PORTS}",
        " Remove it, or write Kestrel__Endpoints__A__Url=http://127.0.0.1:${PORT} (in a container http://*:${PORT}).")]
    [InlineData("ASPNETCORE_HTTP_PORTS=80", " Remove it, or write ASPNETCORE_HTTP_PORTS=${PORT}.")]
    [InlineData("HTTPS_PORTS=${PORT}", " Remove it.")]
    [InlineData("URLS=http://127.0.0.1:${PORT}", null)]
    [InlineData("URLS=${AT:-http://127.0.0.1:${PORT:-80}}", null)]
    [InlineData("Kestrel__Endpoints__Http__Url=http://127.0.0.1:${PORT}", null)]
    [InlineData("Kestrel__Endpoints__Http__Protocols=Http2", null)]
    [InlineData("HTTP_PORTS=${PORT}", null)]
    public void An_address_that_conflicts_with_the_racks_gets_a_warning(string declared, string? remedy) => Assert.Equal(
        remedy is null ? [] : [$"convox.yml(2,5): {declared[..declared.IndexOf('=')]} conflicts with the address that the rack gives "
            + $"an ASP.NET Core service.{remedy}"],
        Warnings($"environment:\n  - {declared}\nservices:\n  web:\n    port: 80\n"));

    [Fact]
    public void Anchors_aliases_and_merged_keys_are_followed()
    {
        var manifest = Read("""
            x-usual: &usual
              scale: { count: 2 }
              drain: 5
            services:
              web: { <<: *usual, drain: 7 }
              worker: *usual
            """).Require();
        Assert.Equal([(2, Seconds(7)), (2, Seconds(5))], manifest.Services.Select(s => (s.Scale.Count, s.Drain)));
    }

    [Fact]
    public void Services_can_be_merged_too()
    {
        var manifest = Read("""
            x-usual: &usual
              worker: { drain: 5 }
              web: { drain: 5 }
            services:
              <<: *usual
              web: { drain: 7 }
            """).Require();
        Assert.Equal([("web", Seconds(7)), ("worker", Seconds(5))], manifest.Services.Select(s => (s.Name.ToString(), s.Drain)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
