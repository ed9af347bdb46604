using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Releases.Aws.Tests.Vault;

/// <summary>Two operations of KMS over real HTTP: it gives a data key back only for the encryption context and the key that it was made with.</summary>
internal sealed class SimulatedKms : IAsyncDisposable
{
    private const string Target = "TrentService.";

    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, (string Key, string Context, byte[] Plain)> _made = new();

    private SimulatedKms(WebApplication server) => _server = server;

    /// <summary>When not null, every call fails with this code.</summary>
    public string? Fails { get; set; }

    public static async Task<SimulatedKms> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var kms = new SimulatedKms(builder.Build());
        kms._server.Run(kms.Answer);
        await kms._server.StartAsync();
        return kms;
    }

    public IAmazonKeyManagementService Client() => new AmazonKeyManagementServiceClient(
        new BasicAWSCredentials("test", "test"),
        new AmazonKeyManagementServiceConfig { ServiceURL = _server.Urls.First(), AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        var input = (await JsonNode.ParseAsync(context.Request.Body))!;
        var (status, answer) = Fails is { } code ? (400, Error(code)) : context.Request.Headers["X-Amz-Target"].ToString()[Target.Length..] switch
        {
            "GenerateDataKey" => (200, Generate(input)),
            "Decrypt" => Decrypt(input),
            var other => (400, Error("Unknown" + other)),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonObject Generate(JsonNode input)
    {
        var (plain, blob) = (RandomNumberGenerator.GetBytes(32), Convert.ToBase64String(RandomNumberGenerator.GetBytes(150)));
        _made[blob] = (KeyOf(input), ContextOf(input), plain);
        return new() { ["KeyId"] = KeyOf(input), ["CiphertextBlob"] = blob, ["Plaintext"] = Convert.ToBase64String(plain) };
    }

    private (int, JsonObject) Decrypt(JsonNode input)
    {
        if (!_made.TryGetValue(input["CiphertextBlob"]!.GetValue<string>(), out var made) || made.Context != ContextOf(input))
            return (400, Error("InvalidCiphertextException"));
        return made.Key != KeyOf(input)
            ? (400, Error("IncorrectKeyException"))
            : (200, new() { ["KeyId"] = made.Key, ["Plaintext"] = Convert.ToBase64String(made.Plain) });
    }

    private static JsonObject Error(string code) => new() { ["__type"] = code, ["message"] = $"A {code}." };

    private static string KeyOf(JsonNode input) => input["KeyId"]!.GetValue<string>();

    private static string ContextOf(JsonNode input) =>
        string.Join('\n', input["EncryptionContext"]!.AsObject().OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
