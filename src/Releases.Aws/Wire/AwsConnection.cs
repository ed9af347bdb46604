using Amazon;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;

namespace Releases.Aws;

/// <summary>
/// Represents the connection to AWS: its region, credentials, endpoints and clock. All clients of its services are created here.
/// </summary>
/// <param name="Region">The region.</param>
/// <param name="Time">The clock.</param>
internal sealed record AwsConnection(string Region, TimeProvider Time)
{
    /// <summary>Running a user's program, or calling a container's agent or IAM Identity Center, takes a while.</summary>
    private static readonly CallLimits SignIn = new(TimeSpan.FromSeconds(10), TimeSpan.Zero);

    /// <summary>The credentials, or null for those of the usual AWS chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Returns a service's endpoint by its id, or null for that of the usual AWS chain.</summary>
    public Func<string, Uri?> Address { get; init; } = _ => null;

    /// <summary>The interval between reads of the records while following a promotion; each read costs money.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits between calls; if null, by the clock.</summary>
    public Func<TimeSpan, CancellationToken, Task>? Pause { get; init; }

    /// <summary>The registry to which images are pushed, or null for the one that ECR names.</summary>
    public string? Registry { get; init; } = Environment.GetEnvironmentVariable(AwsNames.RegistryVariable);

    /// <summary>Finds an installed program of AWS; returns null if it isn't installed.</summary>
    public Func<string, string?> Program { get; init; } = ForegroundProgram.Find;

    /// <summary>The profile for programs of AWS; the default one if empty.</summary>
    public static string Profile => Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "";

    /// <summary>The endpoint of ECS.</summary>
    public string EcsEndpoint => Address(AwsService.Ecs.Id)?.ToString() ?? AwsService.Ecs.Address(RegionEndpoint.GetBySystemName(Region));

    public AwsCalls Calls(CallLimits? limits = null) => new(Time, limits, Pause);

    public AwsClients Clients(CallLimits? limits = null) => AwsClients.Open(Region, Time, Credentials, s => Address(s.Id), Pause, limits);

    /// <summary>Opens EventBridge, for hooks.</summary>
    public JsonService Events() => JsonService.Open(AwsService.Events, Region, Time, Credentials, Address(AwsService.Events.Id), Pause);

    /// <summary>Opens IAM; returns null if its endpoint is unknown in this region's partition.</summary>
    public JsonService? Iam(CallLimits? limits = null) => AwsService.IamOf(RegionEndpoint.GetBySystemName(Region)) is { } iam
        ? JsonService.Open(AwsService.Iam, iam.Region, Time, Credentials, Address(AwsService.Iam.Id), Pause, limits) : null;

    public TableClient Table() => new(Credentials, Configure(new AmazonDynamoDBConfig(), "DynamoDB"));

    public KeyClient Keys() => new(Credentials, Configure(new AmazonKeyManagementServiceConfig(), "KMS"));

    public CallerClient Caller() => new(Credentials, Configure(new AmazonSecurityTokenServiceConfig(), "STS"));

    /// <summary>
    /// Resolves the credentials, so that a failure is reported as such and not as a failure of the first service that is called.
    /// </summary>
    public async Task RequireCredentials(CancellationToken cancel)
    {
        if (Credentials is not null) return;
        Configure(new AmazonSecurityTokenServiceConfig(), "STS");
        try
        {
            await Calls(SignIn).Once(
                new("AWS", "sts", "sign-in", null),
                async token => await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(new AmazonSecurityTokenServiceConfig
                { RegionEndpoint = RegionEndpoint.GetBySystemName(Region) })).GetCredentialsAsync(), cancel);
        }
        catch (Exception none) when (none is not (OperationCanceledException or ProblemException))
        {
            throw CredentialProblems.From(none).ToException(none);
        }
    }

    /// <summary>
    /// Fails if the endpoint of the environment or a profile isn't an address. The SDK reads it here for the first time, and reports it as
    /// it does missing credentials.
    /// </summary>
    internal static void RequireEndpoint(ClientConfig config, string id)
    {
        try
        {
            _ = config.ServiceURL;
        }
        catch (AmazonClientException wrong)
        {
            throw AwsProblems.NoEndpoint(id, wrong).ToException(wrong);
        }
    }

    private TConfig Configure<TConfig>(TConfig config, string id)
        where TConfig : ClientConfig
    {
        SignInServices.Register();
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        // With a custom endpoint, the SDK would guess the region from it.
        config.AuthenticationRegion = Region;
        config.MaxStaleConnectionRetries = 0;
        if (Address(id) is { } address) config.ServiceURL = address.ToString();
        RequireEndpoint(config, id);
        return config;
    }
}
