using Amazon;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;

namespace Releases.Aws;

/// <summary>Where AWS is, as whom it is asked, and by which clock: clients of its services are made here and nowhere else.</summary>
/// <param name="Region">The region.</param>
/// <param name="Time">The clock.</param>
internal sealed record AwsConnection(string Region, TimeProvider Time)
{
    /// <summary>Asking a person's program, a container's agent or IAM Identity Center takes a while.</summary>
    private static readonly CallLimits SignIn = new(TimeSpan.FromSeconds(10), TimeSpan.Zero);

    /// <summary>Credentials; null: from the usual AWS chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>A service's address by its id; null: from the usual AWS chain.</summary>
    public Func<string, Uri?> Address { get; init; } = _ => null;

    /// <summary>From one look at the records to the next while somebody follows: each is paid for.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits between calls; null: by the clock.</summary>
    public Func<TimeSpan, CancellationToken, Task>? Pause { get; init; }

    /// <summary>The registry that images are pushed to; null: the one that ECR names.</summary>
    public string? Registry { get; init; } = Environment.GetEnvironmentVariable(AwsNames.RegistryVariable);

    /// <summary>Finds a program of AWS's that is installed; null: it isn't.</summary>
    public Func<string, string?> Program { get; init; } = ForegroundProgram.Find;

    /// <summary>The profile that a program of AWS's is to use; empty: the usual one.</summary>
    public static string Profile => Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "";

    /// <summary>Where ECS is.</summary>
    public string EcsEndpoint => Address(AwsService.Ecs.Id)?.ToString() ?? AwsService.Ecs.Address(RegionEndpoint.GetBySystemName(Region));

    public AwsCalls Calls(CallLimits? limits = null) => new(Time, limits, Pause);

    public AwsClients Clients(CallLimits? limits = null) => AwsClients.Open(Region, Time, Credentials, s => Address(s.Id), Pause, limits);

    /// <summary>Event buses, for hooks.</summary>
    public JsonService Events() => JsonService.Open(AwsService.Events, Region, Time, Credentials, Address(AwsService.Events.Id), Pause);

    /// <summary>IAM; null: nobody knows where it is in this region's partition.</summary>
    public JsonService? Iam(CallLimits? limits = null) => AwsService.IamOf(RegionEndpoint.GetBySystemName(Region)) is { } iam
        ? JsonService.Open(AwsService.Iam, iam.Region, Time, Credentials, Address(AwsService.Iam.Id), Pause, limits) : null;

    public TableClient Table() => new(Credentials, Configure(new AmazonDynamoDBConfig(), "DynamoDB"));

    public KeyClient Keys() => new(Credentials, Configure(new AmazonKeyManagementServiceConfig(), "KMS"));

    public CallerClient Caller() => new(Credentials, Configure(new AmazonSecurityTokenServiceConfig(), "STS"));

    /// <summary>
    /// Looks for credentials, so that their failures are reported as such and not as one of the first service that is called.
    /// </summary>
    public async Task RequireCredentials(CancellationToken cancel)
    {
        if (Credentials is not null) return;
        SignInServices.Register();
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

    private TConfig Configure<TConfig>(TConfig config, string id)
        where TConfig : ClientConfig
    {
        SignInServices.Register();
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        // With a custom address the SDK would guess the region from it.
        config.AuthenticationRegion = Region;
        config.MaxStaleConnectionRetries = 0;
        if (Address(id) is { } address) config.ServiceURL = address.ToString();
        return config;
    }
}
