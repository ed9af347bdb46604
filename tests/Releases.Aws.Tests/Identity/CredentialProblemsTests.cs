using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Xunit;

namespace Releases.Aws.Tests.Identity;

/// <summary>Without credentials the message names what the user meant to use; the tool as a process of its own, with a home of its
/// own.</summary>
public sealed class CredentialProblemsTests : IDisposable
{
    private const string Config =
        """
        [profile failing]
        credential_process = /bin/sh -c "echo no token for you >&2; exit 3"
        [profile without-source]
        role_arn = arn:aws:iam::111122223333:role/deployer
        source_profile = base
        [profile with-code]
        role_arn = arn:aws:iam::111122223333:role/deployer
        source_profile = keys
        mfa_serial = arn:aws:iam::111122223333:mfa/anna
        [profile keys]
        aws_access_key_id = a
        aws_secret_access_key = b
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("convox-credentials-").FullName;

    /// <summary>The profile with keys that is used, or null for none.</summary>
    private string? _keys;

    public CredentialProblemsTests()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".aws"));
        File.WriteAllText(Path.Combine(_home, ".aws", "config"), Config);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("AWS_PROFILE", "failing",
        "the credential_process of the profile 'failing' fails (/bin/sh): Command returned non-zero exit value 3 with the error - no token for you. Run that program by hand")]
    [InlineData("AWS_PROFILE", "without-source",
        "the profile 'without-source' takes its credentials from the profile 'base' (source_profile), which doesn't exist. Add the profile 'base'")]
    [InlineData("AWS_PROFILE", "with-code",
        "the profile 'with-code' needs a code of arn:aws:iam::111122223333:mfa/anna, which this program doesn't ask for. Get temporary credentials")]
    [InlineData("AWS_PROFILE", "nobody", "there is no profile 'nobody' in ~/.aws/config or ~/.aws/credentials. Set AWS_PROFILE")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/keys",
        "the container's credentials at http://127.0.0.1:1/keys (AWS_CONTAINER_CREDENTIALS_FULL_URI) can't be read: ")]
    [InlineData("AWS_EC2_METADATA_DISABLED", "true", " on this machine. Sign in")]
    public async Task Each_reason_has_a_sentence_of_its_own(string variable, string value, string sentence)
    {
        var said = await Check(variable, value);
        var why = sentence.StartsWith(' ') ? sentence : ": " + sentence;
        Assert.StartsWith($"error {AwsProblemCode.Access}: there are no AWS credentials{why}", said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_wrong_endpoint_is_named_with_the_variable_of_its_service()
    {
        var config = new JsonServiceConfig(AwsService.SecretsManager);
        var wrong = Assert.Throws<AmazonClientException>(() => config.ServiceURL = "foo");
        Assert.Equal(
            "the endpoint of Secrets Manager isn't a web address: 'foo'. Correct AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SECRETS_MANAGER or "
                + "endpoint_url of the profile.", AwsProblems.NoEndpoint("Secrets Manager", wrong).Sentence);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "foo")]
    [InlineData("AWS_ENDPOINT_URL", "http://")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB", "foo bar")]
    public async Task An_endpoint_that_is_no_address_is_not_taken_for_missing_credentials(string variable, string value)
    {
        _keys = "keys";
        var said = await Check(variable, value, 2);
        Assert.StartsWith($"error {ProblemCode.RackAddress}: the endpoint of ", said, StringComparison.Ordinal);
        Assert.Contains($" isn't a web address: '{value}'. Correct AWS_ENDPOINT_URL, ", said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd().Split('\n'));
    }

    /// <summary>It was silent for 200 seconds once; nothing here takes so long, however busy the machine is.</summary>
    [Fact]
    public async Task A_container_agent_that_never_answers_is_named_and_not_waited_for_long()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var began = TimeProvider.System.GetTimestamp();
        var address = $"http://{silent.LocalEndpoint}/keys";
        var said = await Check("AWS_CONTAINER_CREDENTIALS_FULL_URI", address);
        Assert.StartsWith(
            $"error {AwsProblemCode.Access}: there are no AWS credentials: the container's credentials at {address} "
                + "(AWS_CONTAINER_CREDENTIALS_FULL_URI) can't be read: ", said, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(100));
    }

    /// <summary>Returns what the tool says on standard error.</summary>
    private async Task<string> Check(string variable, string value, int code = 1)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "dotnet-convox.dll"), "rack", "check", "--rack", "aws://eu-west-1/production"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _home,
        };
        foreach (var aws in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(aws);
        if (_keys is not null) start.Environment["AWS_PROFILE"] = _keys;
        (start.Environment["HOME"], start.Environment["AWS_EC2_METADATA_DISABLED"], start.Environment[variable]) = (_home, "true", value);
        using var tool = Process.Start(start)!;
        var said = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((code, said), (tool.ExitCode, said));
        return said;
    }
}
