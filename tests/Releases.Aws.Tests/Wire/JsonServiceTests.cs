using System.Net;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Aws.Tests.Wire;

public sealed class JsonServiceTests : IAsyncLifetime
{
    private const string EndpointVariable = "AWS_ENDPOINT_URL_ECS";

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedService _aws = new();
    private JsonService _ecs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _aws.Start();
        Environment.SetEnvironmentVariable(EndpointVariable, _aws.Address.ToString());
        _ecs = JsonService.Open(AwsService.Ecs, "eu-west-1", _time, new BasicAWSCredentials("AKIDEXAMPLE", "secret"), pause: (span, _) =>
        {
            _time.Advance(span);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(EndpointVariable, null);
        _ecs.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_addressed_by_the_environment_signed_for_its_service_and_loses_nothing_of_the_answer()
    {
        _aws.Then(200, """{"services":[{"serviceName":"web","later":{"a":[1]}}]}""");
        var answer = await _ecs.Read("DescribeServices", new() { ["services"] = new JsonArray("web") }, Cancel);

        Assert.Equal("""{"a":[1]}""", answer.Output["services"]![0]!["later"]!.ToJsonString());
        Assert.NotNull(answer.At);
        var (headers, body) = Assert.Single(_aws.Requests);
        Assert.Equal("AmazonEC2ContainerServiceV20141113.DescribeServices", headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", headers.ContentType);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-west-1/ecs/aws4_request, ", headers.Authorization.ToString());
        Assert.Equal("""{"services":["web"]}""", body);
    }

    [Theory]
    [InlineData("ECS", "https://ecs.eu-west-1.amazonaws.com")]
    [InlineData("ECR", "https://api.ecr.eu-west-1.amazonaws.com")]
    [InlineData("CloudWatch Logs", "https://logs.eu-west-1.amazonaws.com")]
    public void Every_service_has_its_own_address(string id, string address)
    {
        var service = new[] { AwsService.Ecs, AwsService.Ecr, AwsService.Logs }.Single(s => s.Id == id);
        Assert.Equal(address, service.Address(Amazon.RegionEndpoint.EUWest1));
        Assert.EndsWith(".amazonaws.com.cn", service.Address(Amazon.RegionEndpoint.CNNorth1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_is_throttled_closed_or_broken_is_asked_again()
    {
        _aws.Then(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""").ThenClose()
            .Then(200, """{"services":[],"failures":[]}""");
        await _ecs.Read("DescribeServices", [], Cancel);
        Assert.Equal(3, _aws.Requests.Count);
    }

    [Fact]
    public async Task A_change_that_is_throttled_is_refused_and_sent_once()
    {
        _aws.Then(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""");
        var refusal = await Assert.ThrowsAsync<AmazonServiceException>(() => _ecs.Change("UpdateService", [], Cancel));
        Assert.True(JsonService.IsThrottled(refusal));
        Assert.Single(_aws.Requests);
    }

    [Theory]
    [InlineData("""{"__type":"com.amazonaws.ecs#ClientException","message":"No such thing."}""")]
    [InlineData("""{"__type":"ClientException","Message":"No such thing."}""")]
    public async Task A_refusal_is_known_by_its_code_and_sentence(string body)
    {
        _aws.Then(400, body);
        var refusal = await Assert.ThrowsAsync<AmazonServiceException>(() => _ecs.Change("UpdateService", [], Cancel));
        Assert.Equal(("ClientException", "No such thing.", HttpStatusCode.BadRequest),
            (refusal.ErrorCode, refusal.Message, refusal.StatusCode));
        Assert.False(JsonService.IsThrottled(refusal));
    }

    [Theory]
    [InlineData(500, """{"__type":"ServerException","message":"Service unavailable."}""", "application/x-amz-json-1.1")]
    [InlineData(502, "<html><body>Bad gateway</body></html>", "text/html")]
    [InlineData(503, "", "text/plain")]
    public async Task A_change_that_breaks_on_the_other_side_may_have_taken_effect(int status, string body, string type)
    {
        _aws.Then(status, body, type);
        await Assert.ThrowsAsync<UnknownOutcomeException>(() => _ecs.Change("UpdateService", [], Cancel));
        Assert.Single(_aws.Requests);
    }

    [Fact]
    public async Task A_change_whose_connection_is_closed_may_have_taken_effect()
    {
        _aws.ThenClose();
        await Assert.ThrowsAsync<UnknownOutcomeException>(() => _ecs.Change("UpdateService", [], Cancel));
        Assert.Single(_aws.Requests);
    }

    [Fact]
    public async Task A_change_that_is_not_answered_in_ten_seconds_may_have_taken_effect()
    {
        _aws.ThenSilence(() => _time.Advance(CallLimits.Default.Timeout));
        var unanswered = await Assert.ThrowsAsync<UnknownOutcomeException>(() => _ecs.Change("UpdateService", [], Cancel));
        Assert.Equal("ECS didn't answer UpdateService: no answer within 10s.", unanswered.Message);
        Assert.Single(_aws.Requests);
    }

    [Fact]
    public async Task A_change_that_its_caller_gives_up_is_cancelled()
    {
        using var caller = new CancellationTokenSource();
        _aws.ThenSilence(caller.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _ecs.Change("UpdateService", [], caller.Token));
    }
}
