using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>What a load balancer or Fargate can't do gives one warning each.</summary>
public sealed class TemplateWarningTests
{
    [Theory]
    [InlineData("port: 80", null)]
    [InlineData("port: https:443", "the load balancer reaches web without TLS, also with https.")]
    [InlineData("port: grpc:443", "web speaks gRPC, which needs a listener with HTTPS.")]
    [InlineData("port: 80, health: { host: a.org }", "health.host of web has no effect: a load balancer checks without a host name.")]
    [InlineData("port: 80, health: { interval: 2 }", "health.interval of web becomes 5: a load balancer takes 5 to 300 seconds.")]
    [InlineData("port: 80, health: { timeout: 1 }",
        "health.timeout of web becomes 2: a load balancer takes 2 to 120 seconds, less than the interval.")]
    [InlineData("port: 80, drain: 2h", "drain of web becomes 3600 seconds, the most that a load balancer takes.")]
    [InlineData("termination: { grace: 300 }",
        "termination.grace of web is longer than 120 seconds, the limit of Fargate: a promotion refuses it.")]
    [InlineData("domain: a.org", "domain of web has no effect without a port.")]
    [InlineData("health: /up, sticky: true", "health, sticky of web have no effect without a port.")]
    [InlineData("scale: { count: 1-3, targets: { requests: 5 } }", "scale.targets.requests of web has no effect without a port.")]
    [InlineData("scale: { count: 3, targets: { cpu: 70 } }", "scale.targets of web have no effect: scale.count isn't a range, such as 1-10.")]
    [InlineData("deployment: { strategy: canary }",
        "deployment.strategy of web has no effect without a port: ECS replaces its tasks by a rolling update.")]
    [InlineData("port: 80, deployment: { strategy: blue-green, judge: off }",
        "deployment.judge of web has no effect on AWS: there, the CloudWatch alarms of the service judge.")]
    [InlineData("port: 80, deployment: { strategy: blue-green, bake: 90s }",
        "deployment.bake of web becomes 2 min: ECS takes whole minutes.")]
    [InlineData("port: 80, deployment: { strategy: linear, percent: 2 }", "deployment.percent of web becomes 3, the smallest step of ECS.")]
    [InlineData("verify: ./smoke", null)]
    [InlineData("port: 80, verify: ./smoke",
        "verify of web needs the strategy blue-green, linear or canary: a rolling update has no new task before the traffic moves, "
            + "so a promotion refuses it.")]
    [InlineData("port: 80, verify: ./smoke, deployment: { strategy: canary }", null)]
    [InlineData("x-aws: { base: service }",
        "x-aws.base of web isn't used: its releases are based on the newest revision of the template's own family.")]
    public void Is_told(string keys, string? warning) => Assert.Equal(warning is null ? [] : [warning], ATemplate.OfWeb(keys).Warnings);

    [Fact]
    public void A_template_that_has_to_go_through_a_bucket_is_told()
    {
        var services = string.Join(", ", Enumerable.Range(10, 20).Select(i => $"service-{i}: {{ port: 80 }}"));
        Assert.Equal("The template is larger than 51200 bytes, so 'aws cloudformation deploy' needs --s3-bucket.",
            Assert.Single(ATemplate.Of($"services: {{ {services} }}").Warnings));
    }
}
