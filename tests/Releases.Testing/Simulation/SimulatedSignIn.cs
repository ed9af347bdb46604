using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>
/// The Security Token Service and the portal of IAM Identity Center: give out keys for a role, and know whose keys they are.
/// </summary>
internal sealed class SimulatedSignIn : IAsyncDisposable
{
    /// <summary>What the portal takes for a person who has logged in.</summary>
    public const string SsoToken = "a-token-of-the-portal";

    private const string Account = "111122223333";
    private WebApplication _server = null!;

    /// <summary>How the callers of GetCallerIdentity had signed in, in order.</summary>
    public List<string> Identified { get; } = [];

    /// <summary>Holds each request and each answer of STS against AWS's model.</summary>
    public ModelCheck Model { get; } = new();

    public Uri Address => new(_server.Urls.First());

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(Answer);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Model.Require();
    }

    private async Task Answer(HttpContext context)
    {
        if (context.Request.Path == "/federation/credentials")
        {
            if (context.Request.Headers["x-amz-sso_bearer_token"] != SsoToken) context.Response.StatusCode = 401;
            else await context.Response.WriteAsync($$"""{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds()}} } }""");
            return;
        }

        var form = await context.Request.ReadFormAsync();
        var action = form["Action"].ToString();
        var (target, known) = ($"STS.{action}", AwsModels.ByTarget?.GetValueOrDefault($"STS.{action}"));
        var asked = form.Select(f => KeyValuePair.Create(f.Key, f.Value.ToString()));
        if (Model.Request(target, QueryDocument.From(asked, known?.Input)) is { } illegal)
        {
            (context.Response.StatusCode, context.Response.ContentType) = (400, "text/xml");
            var error = new XElement("Error", new XElement("Code", "ValidationError"), new XElement("Message", illegal));
            await context.Response.WriteAsync(new XElement("ErrorResponse", error).ToString());
            return;
        }

        var key = context.Request.Headers.Authorization.ToString().Split("Credential=")[^1].Split('/')[0];
        var result = action switch
        {
            "AssumeRole" when key.Length > 0 => Keys($"ASIAROLE{key}"),
            "AssumeRoleWithWebIdentity" when form["WebIdentityToken"] == SsoToken => Keys("ASIAWEBIDENTITY00"),
            "GetCallerIdentity" => Identity(key),
            _ => throw new InvalidOperationException($"The simulated STS does not know {action}."),
        };
        Model.Answer(target, 200, QueryDocument.From(XElement.Parse($"<{action}Result>{result}</{action}Result>"), known?.Output));
        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync($"<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{result}</{action}Result></{action}Response>");
    }

    private static string Keys(string id) =>
        $"<Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials>";

    private string Identity(string key)
    {
        Identified.Add(key);
        return $"<Arn>{Arn(key)}</Arn><UserId>AIDA</UserId><Account>{Account}</Account>";
    }

    /// <summary>What a caller with these keys is called.</summary>
    public static string Arn(string key) => $"arn:aws:sts::{Account}:assumed-role/deployer/{key}";
}
