using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>The native tool gets credentials in each of the ways that people and pipelines have them, and notes by whom.</summary>
public sealed class Signing_in_to_AWS : IAsyncLifetime
{
    /// <summary>The session's login is kept under the SHA-1 of its name.</summary>
    private const string Sha1OfWork = "e274eeff768c6396088ec6eb091f4bf4d47ab1e0";

    private readonly DynamoDbLocal _dynamo = new();
    private readonly SimulatedKms _kms = new();
    private readonly SimulatedSignIn _signIn = new();
    private readonly string _home = Directory.CreateTempSubdirectory("convox-home-").FullName;
    private readonly Dictionary<string, string?> _variables = [];

    public async ValueTask InitializeAsync()
    {
        await _dynamo.InitializeAsync();
        await _kms.Start();
        await _signIn.Start();
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["HOME"] = _home,
            ["CONVOX_RACK"] = AwsStage.Address,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = _dynamo.Endpoint.ToString(),
            ["AWS_ENDPOINT_URL_KMS"] = _kms.Address.ToString(),
            ["AWS_ENDPOINT_URL_STS"] = _signIn.Address.ToString(),
            ["AWS_ENDPOINT_URL_SSO"] = _signIn.Address.ToString(),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        }) _variables[name] = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _signIn.DisposeAsync();
        await _kms.DisposeAsync();
        await _dynamo.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task With_the_keys_of_the_environment()
    {
        (_variables["AWS_ACCESS_KEY_ID"], _variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIAENV", "s");
        await IsKnownAs("AKIAENV");
    }

    [Fact]
    public async Task With_a_profile_that_takes_a_role()
    {
        Profile(
            "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = base\nregion = eu-west-1\n[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n");
        _variables["AWS_PROFILE"] = "deploy";
        await IsKnownAs("ASIAROLEAKIABASE");
    }

    [Fact]
    public async Task With_the_login_of_IAM_Identity_Center()
    {
        Profile(
            "[profile sso]\nsso_session = work\nsso_account_id = 111122223333\nsso_role_name = deployer\nregion = eu-west-1\n[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://work.example/start\nsso_registration_scopes = sso:account:access\n");
        var cache = Path.Combine(_home, ".aws", "sso", "cache", Sha1OfWork + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(cache)!);
        File.WriteAllText(cache,
            $$"""{"startUrl":"https://work.example/start","region":"eu-west-1","accessToken":"{{SimulatedSignIn.SsoToken}}","expiresAt":"{{DateTime.UtcNow.AddHours(8):yyyy-MM-ddTHH:mm:ssZ}}"}""");
        _variables["AWS_PROFILE"] = "sso";
        await IsKnownAs("ASIASSO");
    }

    [Fact]
    public async Task With_the_web_identity_of_a_pipeline()
    {
        var token = Path.Combine(_home, "token");
        File.WriteAllText(token, SimulatedSignIn.SsoToken);
        (_variables["AWS_WEB_IDENTITY_TOKEN_FILE"], _variables["AWS_ROLE_ARN"]) = (token, "arn:aws:iam::111122223333:role/deployer");
        await IsKnownAs("ASIAWEBIDENTITY00");
    }

    [Fact]
    public async Task Is_said_to_be_missing_where_a_profile_is()
    {
        _variables["AWS_PROFILE"] = "nobody";
        var refused = await TestRack.Start(_home, _variables, ["apps"]).Ended;
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("error CONVOX0036: ", refused.Error, StringComparison.Ordinal);
    }

    private void Profile(string text)
    {
        Directory.CreateDirectory(Path.Combine(_home, ".aws"));
        File.WriteAllText(Path.Combine(_home, ".aws", "config"), text);
    }

    private async Task IsKnownAs(string key)
    {
        await Do("rack", "init");
        await Do("apps", "create", "shop");
        Assert.Contains(SimulatedSignIn.Arn(key), await Do("apps", "info", "shop"), StringComparison.Ordinal);
    }

    private async Task<string> Do(params string[] arguments)
    {
        var run = await TestRack.Start(_home, _variables, arguments).Ended;
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode}\n{run.All}");
        return run.Out;
    }
}
