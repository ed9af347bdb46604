using System.Reflection;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>Every key of convox.yml becomes part of the template, belongs to each release, or gives one warning. A new key is decided
/// here.</summary>
public sealed class EveryKeyIsDecidedTests
{
    /// <summary>What comes of a key.</summary>
    public enum Becomes
    {
        /// <summary>Part of the template.</summary>
        Template,

        /// <summary>Nothing here: each release brings it.</summary>
        Release,

        /// <summary>A sentence that it has no effect here.</summary>
        Warning,
    }

    /// <summary>For each key what comes of it, seen by a service without it and with it.</summary>
    private static readonly Dictionary<string, (Becomes What, string Without, string With)> Decided = new()
    {
        ["Top.environment"] = (Becomes.Release, "services: { web: {} }", "services: { web: {} }\nenvironment: [A=some-default]"),
        ["Top.services"] = (Becomes.Template, "services: { web: {} }", "services: { web: {}, api: {} }"),
        ["Service.build"] = (Becomes.Release, "", "build: src/Web"),
        ["Service.command"] = (Becomes.Release, "", "command: ./run"),
        ["Service.deployment"] = (Becomes.Template, "", "deployment: { minimum: 100 }"),
        ["Service.domain"] = (Becomes.Template, "port: 80", "port: 80, domain: a.org"),
        ["Service.drain"] = (Becomes.Template, "port: 80", "port: 80, drain: 7"),
        ["Service.environment"] = (Becomes.Release, "", "environment: [A=1]"),
        ["Service.health"] = (Becomes.Template, "port: 80", "port: 80, health: /up"),
        ["Service.image"] = (Becomes.Template, "", "image: redis:7"),
        ["Service.internal"] = (Becomes.Template, "port: 80", "port: 80, internal: true"),
        ["Service.port"] = (Becomes.Template, "", "port: 80"),
        ["Service.release"] = (Becomes.Release, "", "release: ./migrate"),
        ["Service.scale"] = (Becomes.Template, "", "scale: 1-3"),
        ["Service.singleton"] = (Becomes.Template, "", "singleton: true"),
        ["Service.sticky"] = (Becomes.Template, "port: 80", "port: 80, sticky: true"),
        ["Service.termination"] = (Becomes.Template, "", "termination: { grace: 9 }"),
        ["Service.verify"] = (Becomes.Template, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary }, verify: ./smoke.sh"),
        ["Build.path"] = (Becomes.Release, "", "build: { path: src/Web }"),
        ["Port.port"] = (Becomes.Template, "port: 80", "port: { port: 81 }"),
        ["Port.scheme"] = (Becomes.Template, "port: { port: 80 }", "port: { port: 80, scheme: grpc }"),
        ["Health.grace"] = (Becomes.Template, "port: 80", "port: 80, health: { grace: 90 }"),
        ["Health.host"] = (Becomes.Warning, "port: 80", "port: 80, health: { host: a.org }"),
        ["Health.interval"] = (Becomes.Template, "port: 80", "port: 80, health: { interval: 9 }"),
        ["Health.path"] = (Becomes.Template, "port: 80", "port: 80, health: { path: /up }"),
        ["Health.timeout"] = (Becomes.Template, "port: 80", "port: 80, health: { timeout: 2 }"),
        ["Scale.count"] = (Becomes.Release, "", "scale: { count: 3 }"),
        ["Scale.cpu"] = (Becomes.Template, "", "scale: { cpu: 512 }"),
        ["Scale.max"] = (Becomes.Template, "", "scale: { max: 3, targets: { cpu: 50 } }"),
        ["Scale.memory"] = (Becomes.Template, "", "scale: { memory: 1024 }"),
        ["Scale.min"] = (Becomes.Release, "", "scale: { min: 2 }"),
        ["Scale.targets"] = (Becomes.Template, "scale: { count: 1-3 }", "scale: { count: 1-3, targets: { cpu: 50 } }"),
        ["Count.max"] = (Becomes.Template, "", "scale: { count: { max: 3 } }"),
        ["Count.min"] = (Becomes.Template, "scale: { count: { max: 3 } }", "scale: { count: { min: 2, max: 3 } }"),
        ["Targets.cpu"] = (Becomes.Template, "scale: 1-3", "scale: { count: 1-3, targets: { cpu: 50 } }"),
        ["Targets.memory"] = (Becomes.Template, "scale: 1-3", "scale: { count: 1-3, targets: { memory: 50 } }"),
        ["Targets.requests"] = (Becomes.Template, "port: 80, scale: 1-3", "port: 80, scale: { count: 1-3, targets: { requests: 50 } }"),
        ["Deployment.maximum"] = (Becomes.Template, "", "deployment: { maximum: 150 }"),
        ["Deployment.minimum"] = (Becomes.Template, "", "deployment: { minimum: 0 }"),
        ["Deployment.timeout"] = (Becomes.Release, "", "deployment: { timeout: 60 }"),
        ["Deployment.bake"] = (Becomes.Template, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, bake: 9m }"),
        ["Deployment.interval"] = (Becomes.Template, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, interval: 9m }"),
        ["Deployment.judge"] = (Becomes.Warning, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, judge: off }"),
        ["Deployment.percent"] = (Becomes.Template, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, percent: 9 }"),
        ["Deployment.strategy"] = (Becomes.Template, "port: 80", "port: 80, deployment: { strategy: blue-green }"),
        ["Judge.errors"] = (Becomes.Warning, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, judge: { errors: 3 } }"),
        ["Judge.latency"] = (Becomes.Warning, "port: 80, deployment: { strategy: canary }",
            "port: 80, deployment: { strategy: canary, judge: { latency: 3 } }"),
        ["Termination.grace"] = (Becomes.Template, "", "termination: { grace: 9 }"),
        ["x-aws.alarms"] = (Becomes.Release, "x-aws: {}", "x-aws: { alarms: [too-slow] }"),
        ["x-aws.base"] = (Becomes.Warning, "x-aws: {}", "x-aws: { base: family }"),
        ["x-aws.container"] = (Becomes.Template, "", "x-aws: { container: app }"),
        ["x-aws.service"] = (Becomes.Template, "", "x-aws: { service: other }"),
    };

    /// <summary>Those of the reader, and those of the AWS rack.</summary>
    private static readonly Dictionary<string, ManifestKeys> Levels = typeof(ManifestKeys)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(p => p.Name, p => (ManifestKeys)p.GetValue(null)!).Append(new("x-aws", AwsSettings.Keys)).ToDictionary();

    public static TheoryData<string> Keys => [.. Decided.Keys];

    public static TheoryData<string> Unused => [.. Levels.SelectMany(l => l.Value.Unused.Select(k => $"{l.Key}.{k}"))];

    [Fact]
    public void Every_key_is() =>
        Assert.Equal(Levels.SelectMany(l => l.Value.Used.Select(k => $"{l.Key}.{k}")).Order(StringComparer.Ordinal),
            Decided.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void It_becomes_what_is_decided(string key)
    {
        var (what, without, with) = Decided[key];
        var (before, after) = (Of(without), Of(with));
        Assert.Equal(what == Becomes.Template, before.Text != after.Text);
        if (what == Becomes.Warning) Assert.Contains(key.StartsWith("Judge", StringComparison.Ordinal)
            ? "deployment.judge"
            : Regex.Replace(key, "^[A-Z][a-z]+", m => m.Value.ToLowerInvariant()), Assert.Single(after.Warnings.Except(before.Warnings)),
            StringComparison.Ordinal);
        else if (key != "Port.scheme") Assert.Empty(after.Warnings);
    }

    /// <summary>The reader tells it, of a file or of a release alike.</summary>
    [Theory]
    [MemberData(nameof(Unused))]
    public void A_key_without_a_use_gives_one_warning(string key)
    {
        var (level, name) = (key[..key.IndexOf('.', StringComparison.Ordinal)], key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        var text = level switch
        {
            "Top" => $"services: {{ web: {{}} }}\n{name}: {{}}",
            "Service" => $"services: {{ web: {{ {name}: {{}} }} }}",
            "Count" or "Targets" => $"services: {{ web: {{ scale: {{ {level.ToLowerInvariant()}: {{ {name}: 1 }} }} }} }}",
            _ => $"services: {{ web: {{ {level.ToLowerInvariant()}: {{ {name}: {{}} }} }} }}",
        };
        var reading = ManifestReader.Read(text, ManifestReader.FileName);
        Assert.Empty(reading.Problems);
        Assert.Equal($"'{name}' isn't supported and is ignored.", Assert.Single(reading.Warnings).Message);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_documents_say_it(string key)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md"));
        var section = page[page.IndexOf("## What each key of convox.yml does", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        Assert.Contains(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], section, StringComparison.Ordinal);
    }

    private static AppTemplate Of(string text) =>
        text.StartsWith("services", StringComparison.Ordinal) ? ATemplate.Of(text) : ATemplate.OfWeb(text);
}
