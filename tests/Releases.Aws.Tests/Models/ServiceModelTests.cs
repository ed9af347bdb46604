using Releases.Testing.Simulation.Models;
using Xunit;

namespace Releases.Aws.Tests.Models;

/// <summary>A model is read as botocore publishes it (<c>service-2.json</c>), and in the reduced form without prose.</summary>
public sealed class ServiceModelTests : IDisposable
{
    private const string Rest =
        """
        "metadata": { "serviceId": "Clock", "targetPrefix": "Clock" },
        "shapes": {
          "GetInput": { "type": "structure", "required": ["zone"], "members": { "zone": { "shape": "Zone" } } },
          "Zone": { "type": "string" }, "GetOutput": { "type": "structure", "members": { "time": { "shape": "Zone" } } },
          "NoSuchZone": { "type": "structure", "members": {} }
        }
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{ "input": "GetInput", "output": "GetOutput", "errors": ["NoSuchZone"] }""")]
    [InlineData(
        """
        { "input": { "shape": "GetInput" }, "output": { "shape": "GetOutput", "documentation": "<p>The time.</p>" },
          "errors": [{ "shape": "NoSuchZone" }], "documentation": "<p>Reads it.</p>" }
        """)]
    public void An_operation_names_its_shapes_in_both_forms(string operation)
    {
        File.WriteAllText(_file, $"{{ {Rest}, \"operations\": {{ \"Get\": {operation} }} }}");
        var get = Assert.Single(ServiceModel.Read(_file));
        Assert.Equal("Clock.Get", get.Target);
        Assert.Equal(["zone"], Assert.IsType<StructureShape>(get.Input).Required);
        Assert.True(Assert.IsType<StructureShape>(get.Output).Members.ContainsKey("time"));
        Assert.Equal(["NoSuchZone"], get.Errors);
    }

    [Fact]
    public void An_operation_may_have_neither_documents_nor_errors()
    {
        File.WriteAllText(_file, $"{{ {Rest}, \"operations\": {{ \"Tick\": {{}} }} }}");
        var tick = Assert.Single(ServiceModel.Read(_file));
        Assert.Null(tick.Input);
        Assert.Null(tick.Output);
        Assert.Empty(tick.Errors);
    }
}
