using System.Globalization;
using Releases;
using Releases.Aws;
using Releases.Testing;

/// <summary>
/// DynamoDB Local with the table of a rack, for build/bench/agent.sh. Arguments: the table and how many apps it has. Prints the endpoint,
/// and for each line of input how many reads there were since the last; ends with the input.
/// </summary>
internal static class CountedTable
{
    private static readonly string[] Reads = ["Query", "Scan", "GetItem", "BatchGetItem", "TransactGetItems"];

    public static async Task<int> Run(string[] arguments)
    {
        await using var dynamo = new DynamoDbLocal();
        await dynamo.InitializeAsync();
        using var client = dynamo.Client();
        await RackTable.Create(client, arguments[0], TimeProvider.System, new(TimeProvider.System), CancellationToken.None);
        await using var store = await DynamoReleaseStore.Open(client, arguments[0], TimeProvider.System);
        for (var number = int.Parse(arguments[1], CultureInfo.InvariantCulture); number > 0; number--)
            await store.CreateApp(AppName.Parse($"app{number}"), A.Event());

        Console.WriteLine(dynamo.Endpoint);
        for (var before = Count(); await Console.In.ReadLineAsync() is not null;)
        {
            var now = Count();
            Console.WriteLine(now - before);
            before = now;
        }

        return 0;

        int Count() => Reads.Sum(operation => dynamo.Requests.GetValueOrDefault(operation));
    }
}
