using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Testing;

/// <summary>AWS's own DynamoDB Local, in memory, as long as the tests run. build/dynamodb.sh gets it.</summary>
public sealed class DynamoDbLocal : IAsyncLifetime
{
    /// <summary>The model has a minimum of 1 for them, which is a rule for requests: DynamoDB responds with none.</summary>
    private static readonly string[] Tolerated =
    [
        "UnprocessedItems has a count of 0", "UnprocessedKeys has a count of 0",
        "Table.ProvisionedThroughput.NumberOfDecreasesToday has the value 0",
        "TableDescription.ProvisionedThroughput.NumberOfDecreasesToday has the value 0",
    ];

    private readonly int _port = FreePort.Take();

    /// <summary>Where it leaves its files, beside nobody else's.</summary>
    private readonly string _working = Directory.CreateTempSubdirectory("convox-dynamodb-").FullName;
    private Process? _java;
    private CheckingProxy? _checked;

    public Uri Endpoint => _checked!.Address;

    /// <summary>How often each operation was called.</summary>
    public IReadOnlyDictionary<string, int> Requests => _checked!.Requests;

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "dynamodb");
        if (!Directory.Exists(folder))
            throw new InvalidOperationException("DynamoDB Local is not in artifacts/dynamodb; build/dynamodb.sh gets it there.");
        _java = Process.Start(new ProcessStartInfo(
            "java",
            [
                // For a process of a minute or two, the optimizing compiler and a parallel collector cost more than they give.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", $"-Djava.library.path={Path.Combine(folder, "DynamoDBLocal_lib")}", "-jar",
                Path.Combine(folder, "DynamoDBLocal.jar"),
                "-port", $"{_port}", "-sharedDb", "-inMemory", "-disableTelemetry",
            ])
        {
            WorkingDirectory = _working,
            RedirectStandardOutput = true,
        })!;
        _checked = await Checked();
        using var client = Unchecked();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (true)
        {
            try
            {
                await client.ListTablesAsync(limit.Token);
                return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or AmazonServiceException && !_java.HasExited)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_java is not null)
        {
            _java.Kill();
            await _java.WaitForExitAsync();
            _java.Dispose();
        }

        Directory.Delete(_working, recursive: true);

        // Last, since it fails where a request or an answer broke a rule of the model.
        if (_checked is not null) await _checked.DisposeAsync();
    }

    /// <summary>Another way to it, that holds its requests and responses against the model for whoever disposes of it.</summary>
    internal async Task<CheckingProxy> Checked()
    {
        var proxy = new CheckingProxy(new($"http://127.0.0.1:{_port}"), Tolerated);
        await proxy.Start();
        return proxy;
    }

    public AmazonDynamoDBClient Client() => Client(Endpoint);

    /// <summary>For the question whether it has started, which the program never asks.</summary>
    private AmazonDynamoDBClient Unchecked() => Client(new($"http://127.0.0.1:{_port}"));

    private static AmazonDynamoDBClient Client(Uri address) => new(
        new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig { ServiceURL = address.ToString(), AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });
}
