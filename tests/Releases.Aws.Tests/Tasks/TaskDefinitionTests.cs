using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;
using static Releases.Aws.Tests.Tasks.ATaskRelease;

namespace Releases.Aws.Tests.Tasks;

public sealed class TaskDefinitionTests
{
    [Fact]
    public void Everything_of_the_base_is_kept_but_what_is_only_described_also_what_we_do_not_know()
    {
        var made = TaskDefinition.Create(new(Base(), Tags()), Release());

        Assert.Equal("production-hello-web-convox", made["family"]!.GetValue<string>());
        foreach (var member in (string[])["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
            "registeredAt", "registeredBy"])
            Assert.False(made.ContainsKey(member), member);
        Assert.Equal("""{"a":[1]}""", made["laterTaskMember"]!.ToJsonString());
        Assert.Equal("""{"b":[2]}""", Container(made)["laterMember"]!.ToJsonString());
        Assert.True(Container(made)["logConfiguration"]!["laterLogMember"]!.GetValue<bool>());
        Assert.Equal(("256", "512"), (made["cpu"]!.GetValue<string>(), made["memory"]!.GetValue<string>()));
        Assert.Equal(Container(Base(), "envoy").ToJsonString(), Container(made, "envoy").ToJsonString());
    }

    [Fact]
    public void The_releases_environment_wins_over_defaults_and_both_over_the_base_and_no_name_stands_twice()
    {
        var release = Release(
            secrets: new Dictionary<string, string> { ["GREETING"] = "arn:s:GREETING::1", ["TOKEN"] = "arn:s:TOKEN::1" },
            variables: new Dictionary<string, string> { ["RELEASE"] = "R", ["TOKEN"] = "a default", ["LOG_LEVEL"] = "info" });
        var container = Container(TaskDefinition.Create(new(Base(), Tags()), release));

        Assert.Equal(["FROM_BASE=1", "LOG_LEVEL=info", "RELEASE=R"], Entries(container, "environment"));
        Assert.Equal(["BASE_SECRET=arn:base", "GREETING=arn:s:GREETING::1", "TOKEN=arn:s:TOKEN::1"], Entries(container, "secrets"));
    }

    [Fact]
    public void It_says_whose_it_is_and_is_then_no_base()
    {
        var release = Release();
        var tags = (JsonArray)TaskDefinition.Create(
            new(Base(), [.. Tags().Select(t => t!.DeepClone()), new JsonObject { ["key"] = "convox:commit", ["value"] = "old" }]),
            release)["tags"]!;

        Assert.Equal("shop", TaskTags.Find(tags, "team"));
        Assert.Equal(release.Release.ToString(), TaskTags.Find(tags, "convox:release"));
        Assert.Equal(release.Commit, TaskTags.Find(tags, "convox:commit"));
        Assert.Equal(7, tags.Count);
        Assert.True(new DescribedTaskDefinition(Base(), tags).IsOurs);
        Assert.False(new DescribedTaskDefinition(Base(), Tags()).IsOurs);
        Assert.False(new DescribedTaskDefinition(Base(), null).IsOurs);
    }

    [Theory]
    [InlineData("dotnet Hello.dll", null, """["sh","-c"]""", """["dotnet Hello.dll"]""")]
    [InlineData(null, "dotnet,Hello.dll,--fast", """["dotnet"]""", """["Hello.dll","--fast"]""")]
    public void A_command_replaces_the_images_entry_point(string? shell, string? words, string entryPoint, string command)
    {
        var service = new Service { Name = A.Web, Command = new() { Shell = shell, Arguments = words?.Split(',') ?? [] } };
        var container = Container(TaskDefinition.Create(new(Base(), Tags()), Release(service: service)));
        Assert.Equal((entryPoint, command), (container["entryPoint"]!.ToJsonString(), container["command"]!.ToJsonString()));
    }

    [Fact]
    public void Only_what_the_manifest_states_is_written()
    {
        var made = TaskDefinition.Create(new(Base(), Tags()), Release());
        Assert.False(Container(made).ContainsKey("stopTimeout"));
        Assert.False(Container(made).ContainsKey("command"));

        var stated = new Service
        {
            Name = A.Web,
            Scale = new() { Cpu = 512, Memory = 2048 },
            TerminationGrace = TimeSpan.FromSeconds(90),
            Stated = new HashSet<string> { "termination.grace" },
        };
        made = TaskDefinition.Create(new(Base(), Tags()), Release(service: stated));
        Assert.Equal(("512", "2048", 90),
            (made["cpu"]!.GetValue<string>(), made["memory"]!.GetValue<string>(), Container(made)["stopTimeout"]!.GetValue<int>()));
    }

    [Fact]
    public void What_ECS_would_refuse_is_refused_with_its_own_sentence()
    {
        Refuse(
            "web has port 9000, but its container web has 8080. Nothing changed. Use the port that the task definition maps, or change the task definition.",
            Release(service: new() { Name = A.Web, Port = 9000 }));
        Refuse("web would get 300 CPU units, and Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384.",
            Release(service: new() { Name = A.Web, Scale = new() { Cpu = 300 } }));
        Refuse(
            "web would get 4096 MiB of memory with 256 CPU units, for which Fargate has 512 to 2048 in steps of 1024.",
            Release(service: new() { Name = A.Web, Scale = new() { Memory = 4096 } }));
        Refuse(
            "web has termination.grace 300, but Fargate stops a task 120 seconds after SIGTERM.",
            Release(service: new()
            {
                Name = A.Web,
                TerminationGrace = TimeSpan.FromMinutes(5),
                Stated = new HashSet<string> { "termination.grace" }
            }));
        Refuse(
            "web has 500 variables, which make a task definition of ",
            Release(secrets: Enumerable.Range(0, 500).ToDictionary(i => $"KEY_{i}",
                i => "arn:aws:secretsmanager:eu-west-1:111122223333:secret:convox/production/hello-AbCdEf:" + new string('k', 60))));
        Refuse("the task definition of web would have 56 tags, and ECS takes 50.", Release(),
            [.. Enumerable.Range(0, 50).Select(i => new JsonObject { ["key"] = $"k{i}", ["value"] = "" })]);
    }

    [Fact]
    public void The_container_is_found_by_what_is_stated_the_load_balancer_the_name_or_being_the_only_essential_one()
    {
        var definition = Base();
        Assert.Equal("envoy", ServiceContainer.NameIn(definition, A.Web, "envoy", null));
        Assert.Equal("envoy", ServiceContainer.NameIn(definition, A.Web, null, [new JsonObject { ["containerName"] = "envoy" }]));
        Assert.Equal("web", ServiceContainer.NameIn(definition, A.Web, null, null));
        Assert.Equal("web", ServiceContainer.NameIn(definition, ServiceName.Parse("api"), null, null));
        Container(definition, "envoy").Remove("essential");
        var problem = Assert.Throws<ProblemException>(() =>
            ServiceContainer.NameIn(definition, ServiceName.Parse("api"), null, null)).Problems[0];
        Assert.Equal(
            "the task definition of api has several containers, and it is unclear which one is the service's own: it has web, envoy.", problem.Message);
        Assert.Throws<ProblemException>(() => ServiceContainer.NameIn(definition, A.Web, "nope", null));
    }

    [Fact]
    public void A_family_is_never_longer_than_ECS_takes_and_never_anothers()
    {
        var (long1, long2) = (new string('c', 254) + "1", new string('c', 254) + "2");
        Assert.Equal(255, TaskFamily.ForService(long1, A.App, A.Web).Length);
        Assert.NotEqual(TaskFamily.ForService(long1, A.App, A.Web), TaskFamily.ForService(long2, A.App, A.Web));
        Assert.EndsWith("-convox", TaskFamily.ForService(long1, A.App, A.Web), StringComparison.Ordinal);
    }

    private static void Refuse(string sentence, TaskRelease release, JsonArray? tags = null)
    {
        var problem = Assert.Throws<ProblemException>(() => TaskDefinition.Create(new(Base(), tags ?? Tags()), release)).Problems[0];
        Assert.Equal(AwsProblemCode.Refused, problem.Code);
        Assert.StartsWith(sentence, problem.Sentence, StringComparison.Ordinal);
    }
}
