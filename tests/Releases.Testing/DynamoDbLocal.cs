using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Xunit;

namespace Releases.Testing;

/// <summary>AWS's own DynamoDB Local, in memory, as long as the tests run. build/dynamodb.sh gets it.</summary>
public sealed class DynamoDbLocal : IAsyncLifetime
{
    private readonly int _port = FreePort.Take();
    private Process? _java;

    public Uri Endpoint => new($"http://127.0.0.1:{_port}");

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "dynamodb");
        if (!Directory.Exists(folder)) throw new InvalidOperationException("DynamoDB Local is not in artifacts/dynamodb; build/dynamodb.sh gets it there.");
        _java = Process.Start(new ProcessStartInfo(
            "java",
            [
                // For a process of a minute or two, the optimizing compiler and a parallel collector cost more than they give.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", $"-Djava.library.path={Path.Combine(folder, "DynamoDBLocal_lib")}", "-jar", Path.Combine(folder, "DynamoDBLocal.jar"),
                "-port", $"{_port}", "-sharedDb", "-inMemory", "-disableTelemetry",
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        using var client = Client();
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
        if (_java is null) return;
        _java.Kill();
        await _java.WaitForExitAsync();
        _java.Dispose();
    }

    public AmazonDynamoDBClient Client() => new(
        new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig { ServiceURL = Endpoint.ToString(), AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });
}
