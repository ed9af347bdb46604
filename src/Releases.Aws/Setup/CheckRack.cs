using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Tests what the rack reads from each AWS service, queries IAM about the rest, and reports what the caller isn't allowed to do.
/// </summary>
internal static class CheckRack
{
    /// <summary>
    /// Returns all findings; changes nothing. Fails with <see cref="AwsProblemCode.Access"/> if there are no credentials at all.
    /// </summary>
    public static async Task<RackCheck> Run(
        AwsAddress address, AppName app, Manifest? manifest, AwsConnection aws, CancellationToken cancel)
    {
        await aws.RequireCredentials(cancel);
        using var clients = aws.Clients(CallLimits.Setup);
        using var table = aws.Table();
        using var kms = aws.Keys();
        var calls = aws.Calls(CallLimits.Setup);
        var (name, key) = (AwsNames.Table(address.Cluster), AwsNames.Key(address.Cluster));
        var context = KmsVault.Context($"{address.Region}/{address.Cluster}", app, "check");
        // Concurrent, so that an unresponsive endpoint delays the result only once.
        var findings = new List<Task<RackFinding>>
        {
            Tried("sts:GetCallerIdentity", "the caller", () => AwsCaller.Ask(aws, CallLimits.Setup, cancel)),
            Tried("dynamodb:GetItem", $"the table {name}", () => Silent(RackFormat.Require(new(table, name, aws.Time, calls), cancel))),
            Tried("kms:DescribeKey", $"the key {key}", () => Silent(Existing(key, InitRack.Describe(kms, key, calls, cancel)))),
            Tried("kms:GenerateDataKey", $"the key {key}", () => Silent(Existing(key, calls.Retry(
                new("KMS", "kms", "GenerateDataKey", $"the key {key}"),
                async token => (await kms.GenerateDataKeyAsync(
                    new() { KeyId = key, KeySpec = Amazon.KeyManagementService.DataKeySpec.AES_256, EncryptionContext = context },
                    token)).Plaintext
                    ?? throw new UnreadableResponseException("it has no data key"),
                cancel)))),
            Tried("ecs:DescribeServices", $"the cluster {address.Cluster}", () => Silent(clients.Ecs.Read(
                "DescribeServices", new() { ["cluster"] = address.Cluster, ["services"] = new JsonArray("convox-check") }, cancel))),
            Tried("ecr:GetAuthorizationToken", "ECR", () => Silent(clients.Ecr.Read("GetAuthorizationToken", [], cancel))),
            Tried("secretsmanager:DescribeSecret", "Secrets Manager", () => Silent(Absent(
                clients.SecretsManager.Read("DescribeSecret", new() { ["SecretId"] = AwsNames.Secret(address.Cluster, app) }, cancel)))),
            Tried("application-autoscaling:DescribeScalableTargets", "Application Auto Scaling", () => Silent(clients.AutoScaling.Read(
                "DescribeScalableTargets", new() { ["ServiceNamespace"] = "ecs", ["ResourceIds"] = new JsonArray(
                    $"service/{address.Cluster}/convox-check"), ["ScalableDimension"] = "ecs:service:DesiredCount" }, cancel))),
        };
        var tried = await Task.WhenAll(findings);
        var (asked, scope) = await new PermissionCheck(address, aws, clients).Run(app, manifest, cancel);
        return new([.. tried, .. asked.Where(a => !tried.Any(t => t.Action == a.Action && t.Wrong is null))], scope);
    }

    /// <summary>The finding names the actual resource, if the attempt returns one.</summary>
    private static async Task<RackFinding> Tried(string action, string what, Func<Task<string>> attempt)
    {
        try
        {
            return new(action, await attempt() is { Length: > 0 } told ? told : what, null);
        }
        catch (ProblemException problem)
        {
            return new(action, what, problem.Problems[0].Sentence);
        }
        catch (Exception failure) when (AwsProblems.From(failure, what) is { } problem)
        {
            return new(action, what, problem.Sentence);
        }
    }

    private static async Task<string> Silent(Task attempt)
    {
        await attempt;
        return "";
    }

    private static async Task<T> Existing<T>(string key, Task<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (Amazon.KeyManagementService.Model.NotFoundException missing)
        {
            throw new Problem(
                ProblemCode.NoRack, $"there is no key '{key}'.", Remedy.Do(Operation.InitializeRack, "Create it")).ToException(missing);
        }
    }

    /// <summary>A missing secret shows that the caller has the permission.</summary>
    private static async Task Absent(Task<JsonResponse> asked)
    {
        try
        {
            await asked;
        }
        catch (AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
        }
    }
}
