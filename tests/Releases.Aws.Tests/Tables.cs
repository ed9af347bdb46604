using Releases.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(DynamoDbLocal))]

namespace Releases.Aws.Tests;

internal static class Tables
{
    /// <summary>A new table of a rack.</summary>
    public static async Task<string> MakeTable(this DynamoDbLocal dynamo)
    {
        var table = $"convox-{Guid.NewGuid():n}";
        using var client = dynamo.Client();
        await RackTable.Create(client, table, TimeProvider.System, new(TimeProvider.System), TestContext.Current.CancellationToken);
        return table;
    }
}
