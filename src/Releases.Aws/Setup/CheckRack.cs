using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Tries what the rack reads of each service of AWS, asks IAM about the rest, and tells what the caller may not.</summary>
internal static class CheckRack
{
    /// <summary>
    /// Every finding; nothing is changed. Fails with <see cref="ProblemCode.AwsAccess"/> if there are no credentials at all.
    /// </summary>
    public static async Task<RackCheck> Run(AwsAddress address, AppName app, AwsConnection aws, CancellationToken cancel)
    {
        await aws.RequireCredentials(cancel);
        using var clients = aws.Clients(CallLimits.Setup);
        using var table = aws.Table();
        using var kms = aws.Keys();
        var calls = aws.Calls(CallLimits.Setup);
        var (name, key) = (AwsNames.Table(address.Cluster), AwsNames.Key(address.Cluster));
        var context = new Dictionary<string, string>
        { ["convox:rack"] = $"{address.Region}/{address.Cluster}", ["convox:app"] = "check", ["convox:snapshot"] = "check" };
        // All at once: where one does not answer, nobody waits for it once for each of them.
        var findings = new List<Task<RackFinding>>
        {
            Tried("sts:GetCallerIdentity", "the caller", () => AwsCaller.Ask(aws, CallLimits.Setup, cancel)),
            Tried("dynamodb:GetItem", $"the table {name}", () => Silent(RackFormat.Require(new(table, name, aws.Time, calls), cancel))),
            Tried("kms:DescribeKey", $"the key {key}", () => Silent(InitRack.Describe(kms, key, calls, cancel))),
            Tried("kms:GenerateDataKey", $"the key {key}", () => Silent(calls.Retry(
                new("KMS", "kms", "GenerateDataKey", $"the key {key}"),
                async token => (await kms.GenerateDataKeyAsync(
                    new() { KeyId = key, KeySpec = Amazon.KeyManagementService.DataKeySpec.AES_256, EncryptionContext = context },
                    token)).Plaintext
                    ?? throw new UnreadableResponseException("it has no data key"),
                cancel))),
            Tried("ecs:DescribeServices", $"the cluster {address.Cluster}", () => Silent(clients.Ecs.Read(
                "DescribeServices", new() { ["cluster"] = address.Cluster, ["services"] = new JsonArray("convox-check") }, cancel))),
            Tried("ecr:GetAuthorizationToken", "ECR", () => Silent(clients.Ecr.Read("GetAuthorizationToken", [], cancel))),
            Tried("secretsmanager:DescribeSecret", "Secrets Manager", () => Silent(Absent(
                clients.SecretsManager.Read("DescribeSecret", new() { ["SecretId"] = $"convox/{address.Cluster}/convox-check" }, cancel)))),
            Tried("application-autoscaling:DescribeScalableTargets", "Application Auto Scaling", () => Silent(clients.AutoScaling.Read(
                "DescribeScalableTargets", new() { ["ServiceNamespace"] = "ecs", ["ResourceIds"] = new JsonArray(
                    $"service/{address.Cluster}/convox-check"), ["ScalableDimension"] = "ecs:service:DesiredCount" }, cancel))),
        };
        var tried = await Task.WhenAll(findings);
        var (asked, scope) = await new PermissionCheck(address, aws, clients).Run(app, cancel);
        return new([.. tried, .. asked.Where(a => !tried.Any(t => t.Action == a.Action && t.Wrong is null))], scope);
    }

    /// <summary>What was tried answers with what it was tried on, where it tells that.</summary>
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

    /// <summary>That there is none answers the question whether one may ask.</summary>
    private static async Task Absent(Task<JsonResponse> asked)
    {
        try
        {
            await asked;
        }
        catch (AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            // As it should be.
        }
    }
}
