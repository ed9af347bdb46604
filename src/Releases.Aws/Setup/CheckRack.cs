using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Tries what the rack reads of each service of AWS, and tells what the caller may not.</summary>
public static class CheckRack
{
    /// <summary>Every finding; nothing is changed. Fails with <see cref="ProblemCode.AwsAccess"/> where there are no credentials at all.</summary>
    public static async Task<IReadOnlyList<RackFinding>> Run(RackAddress.OnAws address, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var clients = AwsClients.Open(address.Region, time);
        using var table = AwsRack.Table(address.Region);
        using var kms = AwsRack.Kms(address.Region);
        var name = AwsNames.Table(address.Cluster);
        List<(string Action, string What, Func<Task> Try)> probes =
        [
            ("dynamodb:GetItem", $"the table {name}", () => RackFormat.Require(new(table, name, time), cancel)),
            ("kms:DescribeKey", $"the key {AwsNames.Key(address.Cluster)}", () => kms.DescribeKeyAsync(AwsNames.Key(address.Cluster), cancel)),
            ("kms:GenerateDataKey", $"the key {AwsNames.Key(address.Cluster)}", () => kms.GenerateDataKeyAsync(
                new() { KeyId = AwsNames.Key(address.Cluster), KeySpec = Amazon.KeyManagementService.DataKeySpec.AES_256, EncryptionContext = new() { ["convox:rack"] = $"{address.Region}/{address.Cluster}", ["convox:app"] = "check", ["convox:snapshot"] = "check" } }, cancel)),
            ("ecs:DescribeServices", $"the cluster {address.Cluster}", () => clients.Ecs.Read("DescribeServices", new() { ["cluster"] = address.Cluster, ["services"] = new JsonArray("convox-check") }, cancel)),
            ("ecr:GetAuthorizationToken", "ECR", () => clients.Ecr.Read("GetAuthorizationToken", [], cancel)),
            ("secretsmanager:DescribeSecret", "Secrets Manager", () => Absent(clients.SecretsManager.Read("DescribeSecret", new() { ["SecretId"] = $"convox/{address.Cluster}/convox-check" }, cancel))),
            ("application-autoscaling:DescribeScalableTargets", "Application Auto Scaling", () => clients.AutoScaling.Read(
                "DescribeScalableTargets", new() { ["ServiceNamespace"] = "ecs", ["ResourceIds"] = new JsonArray($"service/{address.Cluster}/convox-check"), ["ScalableDimension"] = "ecs:service:DesiredCount" }, cancel)),
        ];
        var findings = new List<RackFinding> { new("sts:GetCallerIdentity", await Caller(address.Region, cancel) ?? "the caller", null) };
        foreach (var (action, what, attempt) in probes) findings.Add(new(action, what, await Wrong(attempt, what)));
        return findings;
    }

    private static async Task<string?> Caller(string region, CancellationToken cancel)
    {
        try
        {
            return await AwsCaller.Arn(region, cancel);
        }
        catch (AmazonClientException nobody) when (AwsProblems.From(nobody, "AWS") is { } problem)
        {
            throw problem.ToException(nobody);
        }
    }

    private static async Task<string?> Wrong(Func<Task> attempt, string what)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Problems[0].Sentence;
        }
        catch (Exception failure) when (AwsProblems.OfCall(failure, what) is { } problem)
        {
            return problem.Sentence;
        }
    }

    /// <summary>That there is none answers the question whether one may ask.</summary>
    private static async Task Absent(Task<JsonAnswer> asked)
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

/// <summary>What came of one try.</summary>
/// <param name="Action">The IAM action that it needs.</param>
/// <param name="What">What was asked for.</param>
/// <param name="Wrong">What is wrong; null: nothing.</param>
public sealed record RackFinding(string Action, string What, string? Wrong);
