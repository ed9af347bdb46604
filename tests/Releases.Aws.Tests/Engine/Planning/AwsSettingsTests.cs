using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class AwsSettingsTests
{
    [Fact]
    public void The_schema_of_convox_yml_has_every_key_of_x_aws_and_no_other()
    {
        var known = SchemaFile.Read("convox.schema.json").Json["definitions"]!["service"]!["properties"]!["x-aws"]!["properties"]!.AsObject().Select(p => p.Key);
        Assert.Equal(AwsSettings.Keys.Used.Order(), known.Order());
    }
}
