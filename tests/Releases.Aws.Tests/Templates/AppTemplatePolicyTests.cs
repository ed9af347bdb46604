using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Releases.Aws.Tests.Setup;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>Each role of an app's template has what the program and ECS call, and no more.</summary>
public sealed partial class AppTemplatePolicyTests
{
    /// <summary>What a push to ECR needs; the SDK does it.</summary>
    private static readonly string[] Push = ["BatchCheckLayerAvailability", "CompleteLayerUpload", "GetDownloadUrlForLayer",
        "InitiateLayerUpload", "PutImage", "UploadLayerPart"];

    /// <summary>What another action implies: roles of tasks and tags of task definitions.</summary>
    private static readonly string[] Implied = ["PassRole", "TagResource"];

    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    /// <summary>What an app needs whose services are verified and shifted.</summary>
    private const string OfVerified = "DescribeTargetHealth";

    private static readonly Template EveryKey = new(ATemplate.Of(ATemplate.Manifest("every-key")).Text);

    [Fact]
    public void Who_releases_may_do_what_the_program_calls_and_no_more()
    {
        var allowed = EveryKey.OfType("AWS::IAM::ManagedPolicy")
            .SelectMany(p => Template.Statements(Template.Properties(p)["PolicyDocument"])).SelectMany(s => s.Actions)
            .Select(a => a.Split(':')[1]).Distinct().Order();
        Assert.Equal(IamActionsTests.ForReleasing.Concat(Push).Concat(Implied).Append(OfVerified).Distinct().Order(), allowed);
    }

    [Fact]
    public void Who_releases_opens_the_environments_of_this_app_alone()
    {
        var keys = EveryKey.OfType("AWS::IAM::ManagedPolicy")
            .SelectMany(p => Template.Statements(Template.Properties(p)["PolicyDocument"]))
            .Where(s => s.Actions.Intersect(["kms:Decrypt", "kms:GenerateDataKey"]).Any()).ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, s => Assert.Equal("shop", (string)s.Condition!["StringEquals"]!["kms:EncryptionContext:convox:app"]!));
    }

    [Fact]
    public void Who_releases_what_nobody_verifies_needs_no_target_groups() => Assert.DoesNotContain(
        OfVerified, ATemplate.OfWeb("port: 8080, deployment: { strategy: blue-green }").Text, StringComparison.Ordinal);

    [Fact]
    public void ECS_itself_may_start_a_task_and_no_more() => Assert.All(
        EveryKey.Resources.Where(r => r.Key.EndsWith("ExecutionRole", StringComparison.Ordinal)), r => Assert.Equal(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
                "logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:GetSecretValue"],
            Template.Statements(Template.Properties(r.Value!.AsObject())["Policies"]![0]!["PolicyDocument"]).SelectMany(s => s.Actions)
                .Order(StringComparer.Ordinal)));

    [Fact]
    public void The_code_may_do_nothing_yet() => Assert.All(
        EveryKey.Resources.Where(r => r.Key.EndsWith("TaskRole", StringComparison.Ordinal)),
        r => Assert.Equal(["Path", "AssumeRolePolicyDocument"], Template.Properties(r.Value!.AsObject()).Select(p => p.Key)));

    [Fact]
    public void Only_what_knows_no_resource_is_allowed_on_every_one()
    {
        var everywhere = EveryKey.Resources.SelectMany(r => Documents(r.Value!.AsObject())).SelectMany(Template.Statements)
            .Where(s => s.Resource is JsonValue value && (string)value! == "*" && s.Condition is null).SelectMany(s => s.Actions).Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            ["application-autoscaling:DescribeScalableTargets", "ecr:GetAuthorizationToken", "ecs:DeregisterTaskDefinition",
                "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:RegisterTaskDefinition", $"elasticloadbalancing:{OfVerified}"],
            everywhere);
    }

    [Fact]
    public void The_policy_of_one_app_is_no_policy_of_an_app_whose_name_begins_the_same() =>
        Assert.DoesNotMatch(@"/shop-\*|shop\*|:shop-\*",
            string.Join('\n', ATemplate.Of(ATemplate.Manifest("every-key")).Text.Split('\n').Where(l => !l.TrimStart().StartsWith('#'))));

    /// <summary>Of a tag the digest is looked up; an image of a rack's own repository is checked before it is promoted.</summary>
    [Theory]
    [InlineData("111122223333.dkr.ecr.eu-west-1.amazonaws.com/cache/redis:7", "eu-west-1:111122223333:repository/cache/redis")]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com/cache/redis", "eu-west-1:444455556666:repository/cache/redis")]
    [InlineData("111122223333.dkr.ecr.eu-west-1.amazonaws.com/convox/a-web@" + Digest, "eu-west-1:111122223333:repository/convox/a-web")]
    [InlineData("111122223333.dkr.ecr.eu-west-1.amazonaws.com/cache/redis@" + Digest, null)]
    [InlineData("111122223333.dkr.ecr.eu-west-1.amazonaws.com/cache/redis:${TAG}", null)]
    [InlineData("redis@" + Digest, null)]
    public void Who_releases_may_read_an_image_that_is_looked_up_and_nothing_else_of_its_repository(string image, string? repository)
    {
        var allowed = new Template(ATemplate.OfWeb($"image: '{image}'").Text).OfType("AWS::IAM::ManagedPolicy")
            .SelectMany(p => Template.Statements(Template.Properties(p)["PolicyDocument"]))
            .Where(s => s.Actions.Any(a => a.StartsWith("ecr:", StringComparison.Ordinal) && a != "ecr:GetAuthorizationToken"));
        Assert.Equal(
            repository is null ? [] : [("ecr:BatchGetImage", $"{{\"Fn::Sub\":\"arn:${{AWS::Partition}}:ecr:{repository}\"}}")],
            allowed.Select(s => (Assert.Single(s.Actions), Assert.Single(s.Resource!.AsArray())!.ToJsonString())));
    }

    /// <summary>6,144 characters, without white space.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("image: 111122223333.dkr.ecr.ap-southeast-2.amazonaws.com/mirror/of/an/image/with/a/long/name/{0}:latest")]
    public void A_policy_of_many_services_is_within_the_limit_of_IAM(string image)
    {
        var services = string.Join(", ", Enumerable.Range(10, 30).Select(
            i => $"service-with-a-long-name-{i}: {{ {image.Replace("{0}", $"{i}", StringComparison.Ordinal)} }}"));
        var template = new Template(ATemplate.Of($"services: {{ {services} }}", "app-with-a-long-name").Text);
        TemplateStructure.Check(ATemplate.Of($"services: {{ {services} }}", "app-with-a-long-name").Text);
        var policies = template.OfType("AWS::IAM::ManagedPolicy").ToList();
        Assert.True(policies.Count > 1);
        Assert.All(policies, p => Assert.InRange(Resolved(template, Template.Properties(p)["PolicyDocument"]!).Length, 900, 6144));
    }

    [Theory]
    [InlineData("production")]
    [InlineData("a-cluster-for-production-in-the-new-zone")]
    public void A_policy_is_within_the_limit_however_long_the_names_are(string cluster)
    {
        var services = string.Join(", ", Enumerable.Range(10, 12).Select(i => $"service-that-has-the-longest-valid-nam{i}: {{ }}"));
        var template = new Template(ATemplate.Of($"services: {{ {services} }}", "app-that-has-the-longest-name-one-allows").Text);
        Assert.All(template.OfType("AWS::IAM::ManagedPolicy"), p => Assert.InRange(
            Resolved(template, Template.Properties(p)["PolicyDocument"]!, cluster, 40).Length, 900, 6144));
    }

    [Fact]
    public void An_image_elsewhere_needs_no_permission_in_ECR()
    {
        var role = new Template(ATemplate.OfWeb("image: 'redis@sha256:" + new string('a', 64) + "'").Text).Resources["WebExecutionRole"]!
            .AsObject();
        Assert.DoesNotContain("ecr:BatchGetImage", role.ToJsonString(), StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode?> Documents(
        JsonObject resource) => Template.Properties(resource) is var properties && properties["PolicyDocument"] is { } own
        ? [own] : properties["Policies"]?.AsArray().Select(p => p!["PolicyDocument"]) ?? [];

    /// <summary>With names as long as one meets.</summary>
    private static string Resolved(Template template, JsonNode policy, string cluster = "production-cluster-2", int longest = 0)
    {
        const string Arn = "arn:aws-us-gov:ecr:ap-southeast-2:111122223333:";
        var text = Reference().Replace(policy.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), m => m.Groups[2].Value switch
        {
            var sub when m.Groups[1].Value == "Fn::Sub" => $"\"{sub}\"",
            var id when id.Contains("Repository", StringComparison.Ordinal) => $"\"{new string('r', Math.Max(130, Arn.Length + "repository/convox/-".Length + (2 * longest)))}\"",
            _ => $"\"{new string('s', Math.Max(140, Arn.Length + "service//-".Length + cluster.Length + (2 * longest)))}\"",
        });
        return text.Replace("${AWS::Partition}", "aws", StringComparison.Ordinal)
            .Replace("${AWS::Region}", "ap-southeast-2", StringComparison.Ordinal)
            .Replace("${AWS::AccountId}", "111122223333", StringComparison.Ordinal)
            .Replace("${Cluster}", cluster, StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{""(Ref|Fn::Sub|Fn::GetAtt)"":""([^""]*)""\}")]
    private static partial Regex Reference();
}
