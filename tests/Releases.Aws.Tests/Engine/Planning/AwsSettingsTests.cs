using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class AwsSettingsTests
{
    [Fact]
    public void The_schema_of_convox_yml_has_every_key_of_x_aws_and_no_other()
    {
        var known = SchemaFile.Read("convox.schema.json").Json["definitions"]!["service"]!["properties"]!["x-aws"]!["properties"]!
            .AsObject().Select(p => p.Key);
        Assert.Equal(AwsSettings.Keys.Used.Order(), known.Order());
    }

    [Theory]
    [InlineData("x-aws: { contaner: web }", "convox.yml(3,14)", "'x-aws' has no key 'contaner'. Did you mean 'container'?")]
    [InlineData("x-aws: { base: newest }", "convox.yml(3,20)", "'x-aws.base' cannot be 'newest'. It can be: service, family.")]
    [InlineData("x-asw: { container: web }", "convox.yml(3,12)", "web has no extension 'x-asw'. Did you mean 'x-aws'?")]
    public void A_problem_has_its_place_in_the_file(string stated, string place, string sentence)
    {
        var problem = Assert.Single(Assert.Throws<ProblemException>(() => AwsSettings.From(Service("web", stated))).Problems);
        Assert.Equal((ProblemCode.Manifest, place, sentence), (problem.Code, $"{problem.Location}", problem.Sentence));
    }

    [Fact]
    public void A_build_reports_wrong_keys_of_every_service_and_leaves_values_to_the_promotion()
    {
        var manifest = ManifestReader.Read(
            "services:\n  api:\n    x-aws: { contaner: a }\n  web:\n    x-asw: { base: family }\n  worker:\n    x-aws: { base: '${BASE}' }\n    x-backup: { any: 1 }\n",
            ManifestReader.FileName).Require();
        Assert.Equal(
            ["'x-aws' has no key 'contaner'. Did you mean 'container'?", "web has no extension 'x-asw'. Did you mean 'x-aws'?"],
            AwsSettings.CheckKeys(manifest).Select(p => p.Sentence));
    }

    /// <summary>A service with these settings of the AWS rack.</summary>
    internal static Service Stating(string name, string aws) => Service(name, $"x-aws: {aws}");

    private static Service Service(string name, string stated) =>
        ManifestReader.Read($"services:\n  {name}:\n    {stated}\n", ManifestReader.FileName).Require().Services[0];
}
