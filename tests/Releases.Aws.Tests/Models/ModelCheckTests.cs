using System.Text;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Releases.Aws.Tests.Setup;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Releases.Testing.Simulation.Models;
using Xunit;

namespace Releases.Aws.Tests.Models;

/// <summary>What is asked of AWS, and what its simulation answers, is what AWS's own models allow.</summary>
public sealed class ModelCheckTests(DynamoDbLocal dynamo)
{
    private const string Ecs = "AmazonEC2ContainerServiceV20141113.";

    private readonly ModelCheck _check = new();

    public static TheoryData<string> Called => [.. CalledOperations.All];

    [Theory]
    [InlineData("""{"service":"web"}""", null)]
    [InlineData(
        """{"service":"web","desiredCount":2,"deploymentConfiguration":{"strategy":"CANARY","canaryConfiguration":{"canaryPercent":12.5}}}""",
        null)]
    [InlineData(
        """{"service":"web","deploymentConfiguration":{"lifecycleHooks":[{"targetType":"PAUSE","hookDetails":{"any":[1,{"thing":true}]}}]}}""",
        null)]
    [InlineData("""{"service":"web","desiredCount":null,"laterMember":1}""", null)]
    [InlineData("""{"cluster":"production"}""", "service is required and missing")]
    [InlineData("""{"service":null}""", "service is required and missing")]
    [InlineData("""{"service":"web","launchType":"FARGATE"}""", "launchType is not a member that the model has")]
    [InlineData("""{"service":"web","desiredCount":"2"}""", "desiredCount is \"2\", not an integer")]
    [InlineData("""{"service":"web","desiredCount":2.5}""", "desiredCount is 2.5, not a whole number")]
    [InlineData("""{"service":"web","desiredCount":4294967296}""", "desiredCount is 4294967296, more than an integer holds")]
    [InlineData("""{"service":["web"]}""", "service is [\"web\"], not a string")]
    [InlineData("""{"service":"web","loadBalancers":{}}""", "loadBalancers is {}, not a list")]
    [InlineData(
        """{"service":"web","deploymentConfiguration":{"strategy":"ROLING"}}""",
        "deploymentConfiguration.strategy is \"ROLING\", not one of ROLLING, BLUE_GREEN, LINEAR, CANARY")]
    [InlineData(
        """{"service":"web","deploymentConfiguration":{"lifecycleHooks":[{"timeoutConfiguration":{"timeoutInMinutes":20161}}]}}""",
        "deploymentConfiguration.lifecycleHooks[0].timeoutConfiguration.timeoutInMinutes has the value 20161, more than 20160")]
    [InlineData("""{"service":"web","deploymentConfiguration":{"alarms":{"enable":true,"rollback":1}}}""",
        "deploymentConfiguration.alarms.rollback is 1, not a boolean; deploymentConfiguration.alarms.alarmNames is required and missing")]
    [InlineData("""["web"]""", "the document is [\"web\"], not a structure")]
    [InlineData("""{"service""", "the document is not JSON")]
    public void A_request_that_breaks_a_rule_is_named_with_member_and_rule(string request, string? rule)
    {
        RequireModels();
        var sentence = _check.Request(Ecs + "UpdateService", Encoding.UTF8.GetBytes(request));
        Assert.Equal(rule is null ? null : $"ECS UpdateService: in the request, {rule}.", sentence);
        Assert.Equal(rule is null ? 0 : 1, _check.Take().Count);
    }

    [Theory]
    [InlineData("TrentService.Decrypt", """{"CiphertextBlob":"%"}""", "KMS Decrypt: in the request, CiphertextBlob is not Base64.")]
    [InlineData(
        "TrentService.Decrypt",
        """{"CiphertextBlob":""}""",
        "KMS Decrypt: in the request, CiphertextBlob has a length of 0, less than 1.")]
    [InlineData(
        "TrentService.CreateAlias",
        """{"AliasName":"alias/a b","TargetKeyId":"k"}""",
        "KMS CreateAlias: in the request, AliasName is \"alias/a b\" and doesn't match ^[a-zA-Z0-9:/_-]+$.")]
    [InlineData(
        "TrentService.CreateAlias",
        """{"AliasName":"alias/ä","TargetKeyId":"k"}""",
        "KMS CreateAlias: in the request, AliasName is \"alias/ä\" and doesn't match ^[a-zA-Z0-9:/_-]+$.")]
    [InlineData(
        "DynamoDB_20120810.BatchGetItem",
        """{"RequestItems":{}}""",
        "DynamoDB BatchGetItem: in the request, RequestItems has a count of 0, less than 1.")]
    [InlineData(
        "secretsmanager.PutSecretValue",
        """{"SecretId":"s","ClientRequestToken":"short"}""",
        "Secrets Manager PutSecretValue: in the request, ClientRequestToken has a length of 5, less than 32.")]
    [InlineData("TrentService.Nothing", "{}", "the target is \"TrentService.Nothing\", an operation that no model of AWS has.")]
    public void Rules_are_those_of_each_service(string target, string request, string sentence)
    {
        RequireModels();
        Assert.Equal(sentence, _check.Request(target, Encoding.UTF8.GetBytes(request)));
    }

    [Theory]
    [InlineData(
        200,
        """{"serviceDeploymentArn":1}""",
        "ECS StopServiceDeployment: in the response, serviceDeploymentArn is 1, not a string.")]
    [InlineData(400, """{"__type":"com.amazon#ConflictException"}""", null)]
    [InlineData(400, """{"__type":"ThrottlingException"}""", null)]
    [InlineData(
        400,
        """{"__type":"ServiceNotActiveException"}""",
        "ECS StopServiceDeployment: the response is the error \"ServiceNotActiveException\", which the operation doesn't have.")]
    public void An_answer_that_breaks_a_rule_fails_the_test(int status, string answer, string? sentence)
    {
        RequireModels();
        _check.Response(Ecs + "StopServiceDeployment", status, Encoding.UTF8.GetBytes(answer));
        if (sentence is null) _check.Require();
        else Assert.Equal(sentence, Assert.Throws<ModelViolationException>(_check.Require).Message);
    }

    [Fact]
    public async Task A_simulated_service_refuses_a_request_that_breaks_a_rule_and_no_test_can_overlook_it()
    {
        RequireModels();
        var ecs = new SimulatedEcs();
        await ecs.Start();
        var somebody = new BasicAWSCredentials("test", "test");
        using (var client = JsonService.Open(AwsService.Ecs, "eu-west-1", TimeProvider.System, somebody, ecs.Address))
        {
            var refused = await Assert.ThrowsAsync<AmazonServiceException>(
                () => client.Change("StopServiceDeployment", new() { ["stopType"] = "NOW" }, TestContext.Current.CancellationToken));
            Assert.Equal("ValidationException", refused.ErrorCode);
            Assert.Equal(
                "ECS StopServiceDeployment: in the request, stopType is \"NOW\", not one of ABORT, ROLLBACK; "
                + "serviceDeploymentArn is required and missing.", refused.Message);
        }

        var failed = await Assert.ThrowsAsync<ModelViolationException>(async () => await ecs.DisposeAsync());
        Assert.StartsWith("ECS StopServiceDeployment: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_DynamoDB_is_asked_is_held_against_its_model_too()
    {
        RequireModels();
        await using var proxy = new CheckingProxy(dynamo.Endpoint, []);
        await proxy.Start();
        using var client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig { ServiceURL = proxy.Address.ToString(), AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });
        var refused = await Assert.ThrowsAsync<AmazonDynamoDBException>(
            () => client.QueryAsync(new() { TableName = "none", Select = "NONE" }, TestContext.Current.CancellationToken));
        Assert.Equal("ValidationException", refused.ErrorCode);
        Assert.Equal(
            "DynamoDB Query: in the request, "
            + "Select is \"NONE\", not one of ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, SPECIFIC_ATTRIBUTES, COUNT.",
            Assert.Single(proxy.Model.Take()));
    }

    [Theory]
    [MemberData(nameof(Called))]
    public void Every_operation_that_the_rack_calls_has_a_model(string operation) =>
        Assert.Contains(RequireModels().Values, o => o.Name == operation);

    [Fact]
    public void Forms_and_XML_are_held_against_the_model_as_well()
    {
        var assume = RequireModels()["STS.AssumeRole"];
        var request = QueryDocument.From(
            [
                new("Action", "AssumeRole"), new("RoleArn", "arn:aws:iam::111122223333:role/r"), new("RoleSessionName", "session"),
                new("DurationSeconds", "60"), new("Tags.member.1.Key", "k"),
            ], assume.Input);
        Assert.Equal(
            "STS AssumeRole: in the request, DurationSeconds has the value 60, less than 900; Tags[0].Value is required and missing.",
            _check.Request("STS.AssumeRole", request));
        _check.Take();
        var answer = XElement.Parse(
            """
            <r>
              <Credentials>
                <AccessKeyId>ASIAROLEOFTHETEST</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
                <SessionToken>t</SessionToken><Expiration>2026-11-23T12:00:00Z</Expiration>
              </Credentials>
              <Other>1</Other>
            </r>
            """);
        _check.Response("STS.AssumeRole", 200, QueryDocument.From(answer, assume.Output));
        Assert.Equal(["STS AssumeRole: in the response, Other is not a member that the model has."], _check.Take());
    }

    [Theory]
    [InlineData("Action=GetCallerIdentity&Version=2011-06-15")]
    [InlineData("Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::111122223333:role/deployer&RoleSessionName=session")]
    [InlineData(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::111122223333:role/deployer&RoleSessionName=session"
        + "&WebIdentityToken=" + SimulatedSignIn.SsoToken)]
    public async Task What_the_simulated_STS_answers_is_what_its_model_says(string form)
    {
        RequireModels();
        await using var signIn = new SimulatedSignIn();
        await signIn.Start();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, signIn.Address)
        {
            Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.TryAddWithoutValidation("Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIABASE/20261123/eu-west-1/sts/aws4_request");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(2, signIn.Model.Checked);
    }

    [Fact]
    public void Each_pattern_of_a_model_can_be_applied()
    {
        var seen = new HashSet<Shape>();
        foreach (var operation in RequireModels().Values)
        {
            Visit(operation.Input);
            Visit(operation.Output);
        }

        Assert.True(seen.OfType<StringShape>().Count(s => s.Pattern is not null) > 50);

        void Visit(Shape? shape)
        {
            if (shape is null || !seen.Add(shape)) return;
            foreach (var inner in shape switch
            {
                StructureShape structure => structure.Members.Values,
                ListShape list => [list.Item],
                MapShape map => [map.Key, map.Value],
                _ => (IEnumerable<Shape>)[],
            }) Visit(inner);
        }
    }

    /// <summary>They are not part of this repository, and every other test runs without them too.</summary>
    private static IReadOnlyDictionary<string, ModelOperation> RequireModels()
    {
        Assert.SkipWhen(AwsModels.ByTarget is null, $"AWS's service models are not in {AwsModels.Folder}.");
        return AwsModels.ByTarget!;
    }
}
