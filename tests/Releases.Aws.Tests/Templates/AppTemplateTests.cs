using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>What <c>apps template</c> prints is a template that CloudFormation takes and whose updates leave releases alone.</summary>
public sealed class AppTemplateTests
{
    public static TheoryData<string> Names => [.. ATemplate.Names];

    public static TheoryData<string> Kept => [.. ATemplate.Kept.Keys];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Is_kept_as_people_read_it(string name)
    {
        var path = Path.Combine(ATemplate.Folder, "Golden", name + ".yml");
        var text = ATemplate.Of(ATemplate.Manifest(name)).Text;
        if (GoldenPart.Writes) File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_the_documented_shape_and_every_reference_leads_somewhere(string name) =>
        TemplateStructure.Check(ATemplate.Of(ATemplate.Manifest(name)).Text);

    [Fact]
    public void So_has_the_template_of_the_rack() => TemplateStructure.Check(new AwsRackKind().Setup!.Template);

    /// <summary>Else whoever made it with <c>rack init</c> could not have its agent, and no stack could be made again.</summary>
    [Fact]
    public void The_template_of_a_rack_that_exists_makes_nothing_that_exists()
    {
        var resources = new Template(new AwsRackKind().Setup!.Template).Resources;
        Assert.All((string[])["Table", "Key", "KeyAlias"], r => Assert.Equal("MakesRecords", (string?)resources[r]!["Condition"]));
        Assert.All((string[])["Balancer", "BalancerSecurity", "HttpListener"],
            r => Assert.Equal("HasBalancer", (string?)resources[r]!["Condition"]));
        Assert.All(resources.Where(r => r.Key.StartsWith("Agent", StringComparison.Ordinal)), r =>
        {
            Assert.Equal("HasAgent", (string?)r.Value!["Condition"]);
            Assert.DoesNotContain(Template.References(r.Value).Select(n => n.Split('.')[0]), n => n is "Table" or "Key" or "Balancer");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_no_task_definition_and_no_count_that_an_update_would_put_back(string name)
    {
        var template = new Template(ATemplate.Of(ATemplate.Manifest(name)).Text);
        var families = template.OfType("AWS::ECS::TaskDefinition")
            .Select(t => (string)Template.Properties(t)["Family"]!["Fn::Sub"]!).ToHashSet();
        foreach (var service in template.OfType("AWS::ECS::Service").Select(Template.Properties))
        {
            var family = (string)service["TaskDefinition"]!["Fn::Sub"]!;
            Assert.EndsWith("-convox", family, StringComparison.Ordinal);
            Assert.Contains(family, families);
            Assert.Null(service["DesiredCount"]);
            Assert.Equal("convox:app", (string?)service["Tags"]![0]!["Key"]);
        }
    }

    /// <summary>A new revision of it would be the newest of the family, and so what the next update of a stack puts in place of the
    /// release.</summary>
    [Fact]
    public void The_bootstrap_changes_with_nothing_that_leaves_its_name()
    {
        var plain = new Template(ATemplate.OfWeb("port: 8080").Text);
        var much = new Template(ATemplate.OfWeb(
            "port: 8080, build: ., domain: a.org, health: /up, drain: 9, sticky: true, singleton: true, command: x, release: y, internal: true, "
            + "scale: { count: 2-9, cpu: 1024, memory: 4096 }, termination: { grace: 90 }, environment: [A=1], x-aws: { service: other, base: family }").Text);
        Assert.Equal(plain.Resources["WebBootstrapPort8080"]!.ToJsonString(), much.Resources["WebBootstrapPort8080"]!.ToJsonString());
        foreach (var other in (string[])["port: 8081", "port: 8080, x-aws: { container: app }", "scale: 1"])
            Assert.False(new Template(ATemplate.OfWeb(other).Text).Resources.ContainsKey("WebBootstrapPort8080"), other);
    }

    /// <summary>Whoever has a stack of it would get the new one over the release: give the resource another name then.</summary>
    [Fact]
    public void The_bootstrap_never_changes() => Assert.Equal(
        """{"Type":"AWS::ECS::TaskDefinition","Properties":{"Family":{"Fn::Sub":"${Cluster}-shop-web-convox"},"RequiresCompatibilities":["FARGATE"],"NetworkMode":"awsvpc","Cpu":"256","Memory":"512","ContainerDefinitions":[{"Name":"web","Image":"public.ecr.aws/docker/library/nginx:stable-alpine","Essential":"true","PortMappings":[{"ContainerPort":"8080"}],"EntryPoint":["sh","-c"],"Command":["echo 'server { listen 8080; http2 on; location / { default_type text/plain; return 200 \"no release yet\"; } }' > /etc/nginx/conf.d/default.conf && exec nginx -g 'daemon off;'"]}],"Tags":[{"Key":"convox:base","Value":{"Fn::Sub":"${Cluster}-shop-web"}}]}}""",
        new Template(ATemplate.OfWeb("port: 8080").Text).Resources["WebBootstrapPort8080"]!
            .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_nothing_of_the_environment(string name)
    {
        var manifest = ManifestReader.Read(ATemplate.Manifest(name), ManifestReader.FileName).Require();
        var text = ATemplate.Of(ATemplate.Manifest(name)).Text;
        var defaults = manifest.Services.SelectMany(s => s.Environment).Concat(manifest.Environment).Select(d => d.Default).OfType<string>()
            .Where(d => d.Length > 6);
        Assert.All(defaults, d => Assert.DoesNotContain(d, text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_rules_have_priorities_of_their_own_and_what_takes_everything_is_last(string name)
    {
        var rules = new Template(ATemplate.Of(ATemplate.Manifest(name)).Text).OfType("AWS::ElasticLoadBalancingV2::ListenerRule")
            .Select(Template.Properties).ToList();
        foreach (var app in (string[])["100", "399"])
        {
            var priorities = rules.ToDictionary(r => int.Parse(((string)r["Priority"]!["Fn::Sub"]!)
                .Replace("${Priority}", app, StringComparison.Ordinal)), r => r["Conditions"]!.ToJsonString());
            Assert.All(priorities.Keys, p => Assert.InRange(p, 1, 50_000));
            Assert.All(priorities.Where(p => p.Value.Contains("\"/*\"", StringComparison.Ordinal)),
                p => Assert.Equal(priorities.Keys.Max(), p.Key));
        }
    }

    [Fact]
    public void The_cluster_of_the_rack_that_is_meant_is_the_default()
    {
        var text = ATemplate.Of("services: { web: {} }", cluster: "production").Text;
        Assert.Equal("production", (string?)new Template(text).Parameters["Cluster"]!["Default"]);
    }

    [Fact]
    public void Services_whose_names_are_alike_are_kept_apart()
    {
        var text = ATemplate.Of("services: { a-1b: {}, a1b: {}, a1-b: {} }").Text;
        TemplateStructure.Check(text);
        Assert.Equal(3, new Template(text).OfType("AWS::ECS::Service").Count());
    }

    [Theory]
    [InlineData("port: 1, domain: 'https://a.org'", "the domain 'https://a.org' of web isn't a host name.")]
    [InlineData("port: 1, domain: 'a.b,b.b,c.b,d.b,e.b,f.b', deployment: { strategy: canary }",
        "web has 6 domains, and ECS moves the traffic of one rule, which takes 5.")]
    [InlineData("scale: { cpu: 300 }", "web would get 300 CPU units, and Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384.")]
    [InlineData("scale: { cpu: 256, memory: 4096 }",
        "web would get 4096 MiB of memory with 256 CPU units, for which Fargate has 512 to 2048 in steps of 1024.")]
    [InlineData("scale: { memory: 100 }", "web would get 100 MiB of memory, and Fargate has none of that size.")]
    [InlineData("x-aws: { service: '${NAME}' }",
        "x-aws.service of web is '${NAME}', which only a promotion resolves, and a template needs the name.")]
    public void What_no_template_can_have_is_refused(string keys, string message) =>
        Assert.Equal(message, Assert.Throws<ProblemException>(() => ATemplate.OfWeb(keys)).Problems[0].Message);

    [Theory]
    [InlineData("a: { port: 80, domain: x.org }, b: { port: 81, domain: 'y.org,X.org' }",
        "a and b have the same domain x.org, and only a would get its requests.")]
    [InlineData("a: { port: 80, domain: 'x.org,x.org' }, b: { domain: x.org }", null)]
    [InlineData("a: { port: 80 }, b: { port: 81 }", null)]
    [InlineData("a: { port: 80, domain: x.org }, b: { port: 81, domain: x.org, internal: true }", null)]
    [InlineData("a: { port: 80, domain: x.org, internal: true }, b: { port: 81, domain: x.org, internal: true }",
        "a and b have the same domain x.org, and only a would get its requests.")]
    public void A_domain_belongs_to_one_service(string services, string? message)
    {
        string? Refused() => Record.Exception(() => ATemplate.Of($"services: {{ {services} }}")) is ProblemException problem
            ? problem.Problems.Single().Message : null;
        Assert.Equal(message, Refused());
    }

    [Theory]
    [InlineData("", 256, 512)]
    [InlineData("cpu: 1024", 1024, 2048)]
    [InlineData("memory: 2048", 256, 2048)]
    [InlineData("memory: 5120", 1024, 5120)]
    public void A_size_that_is_not_stated_is_the_least(string scale, int cpu, int memory)
    {
        var properties = Template.Properties(new Template(ATemplate.OfWeb($"scale: {{ {scale} }}").Text).Resources["WebBase"]!.AsObject());
        Assert.Equal(($"{cpu}", $"{memory}"), ((string)properties["Cpu"]!, (string)properties["Memory"]!));
    }
}
