using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Holds the clients of AWS services that are used without their SDK packages.</summary>
internal sealed record AwsClients(
    JsonService Ecs, JsonService Ecr, JsonService SecretsManager, JsonService Logs, JsonService AutoScaling,
    JsonService LoadBalancing) : IDisposable
{
    /// <summary>Opens the clients, by default with the credentials and endpoints of the usual AWS chain.</summary>
    public static AwsClients Open(
        string region, TimeProvider time, AWSCredentials? credentials = null, Func<AwsService, Uri?>? address = null,
        Func<TimeSpan, CancellationToken, Task>? pause = null, CallLimits? limits = null)
    {
        SignInServices.Register();
        return new(
            Client(AwsService.Ecs), Client(AwsService.Ecr), Client(AwsService.SecretsManager), Client(AwsService.Logs),
            Client(AwsService.AutoScaling), Client(AwsService.LoadBalancing));

        JsonService Client(AwsService service) => JsonService.Open(
            service, region, time, credentials, address?.Invoke(service), pause, limits);
    }

    public void Dispose()
    {
        foreach (var client in (JsonService[])[Ecs, Ecr, SecretsManager, Logs, AutoScaling, LoadBalancing]) client.Dispose();
    }
}
