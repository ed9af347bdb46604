using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Aws.Tests.Wire;

/// <summary>One form for every failure of AWS: which service, which action, on what, what AWS said, and how often it was asked.</summary>
public sealed class AwsProblemsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedService _aws = new();
    private JsonService _secrets = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _aws.Start();
        _secrets = JsonService.Open(AwsService.SecretsManager, "eu-west-1", _time, new BasicAWSCredentials("AKIDEXAMPLE",
            "secret"), _aws.Address, pause: (_, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task What_passes_by_itself_is_told_with_how_often_it_was_asked()
    {
        for (var n = 0; n < 3; n++) _aws.Then(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""");
        var problem = await Translated();
        Assert.Equal(ProblemCode.Unavailable, problem.Code);
        Assert.Equal(
            "Secrets Manager throttles DescribeSecret on the secret convox/production/hello: ThrottlingException, Rate exceeded (tried 3 times in 20s). Run the command again in a moment.", problem.Sentence);
    }

    [Fact]
    public async Task A_denial_names_the_action_that_is_wanted()
    {
        _aws.Then(400,
            """{"__type":"AccessDeniedException","Message":"User: anna is not authorized to perform: secretsmanager:DescribeSecret"}""");
        var problem = await Translated();
        Assert.Equal(AwsProblemCode.Access, problem.Code);
        Assert.StartsWith("Secrets Manager denied DescribeSecret on the secret convox/production/hello: AccessDeniedException, User: anna",
            problem.Message, StringComparison.Ordinal);
        Assert.Equal("Allow the caller secretsmanager:DescribeSecret on the secret convox/production/hello.", problem.Remedy);
    }

    [Theory]
    [InlineData(200, "", "the body is empty")]
    [InlineData(200, "{\"ARN\":\"arn:aws", "it isn't complete JSON (application/x-amz-json-1.1, 15 bytes)")]
    [InlineData(200, "<html>", "it isn't complete JSON (application/x-amz-json-1.1, 6 bytes)")]
    [InlineData(200, "[]", "it isn't an object")]
    [InlineData(200, "{}", "it has no ARN")]
    [InlineData(404, "<html>", "404 NotFound")]
    public async Task An_answer_that_tells_nothing_is_no_fact(int status, string body, string why)
    {
        for (var n = 0; n < 3; n++) _aws.Then(status, body);
        var problem = await Translated();
        Assert.Equal(ProblemCode.Unavailable, problem.Code);
        Assert.StartsWith(
            $"Secrets Manager answered DescribeSecret on the secret convox/production/hello with something unreadable: {why} (tried 3 times", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_is_never_answered_has_an_end()
    {
        for (var n = 0; n < 3; n++) _aws.ThenSilence(() => _time.Advance(CallLimits.Default.Timeout));
        var problem = await Translated();
        Assert.Equal(ProblemCode.Unreachable, problem.Code);
        Assert.StartsWith(
            "Secrets Manager doesn't answer DescribeSecret on the secret convox/production/hello: no answer within 10s (tried ",
            problem.Message, StringComparison.Ordinal);
    }

    private async Task<Problem> Translated() => (await Assert.ThrowsAsync<ProblemException>(() => AwsProblems.Translate(
        "AWS", () => _secrets.Read("DescribeSecret", new() { ["SecretId"] = "convox/production/hello" }, Cancel)))).Problems[0];
}
