using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.Runtime;

namespace Releases.Testing.Simulation;

/// <summary>Two operations of KMS: it gives a data key back only for the encryption context and the key that it was made with.</summary>
internal sealed class SimulatedKms : SimulatedService
{
    private readonly Dictionary<string, (string Key, string Context, byte[] Plain)> _made = [];

    private readonly HashSet<string> _aliases = [];

    /// <summary>When not null, every call is refused with this code.</summary>
    public string? RefusesWith { get; set; }

    public IAmazonKeyManagementService Client() => new AmazonKeyManagementServiceClient(
        new BasicAWSCredentials("test", "test"),
        new AmazonKeyManagementServiceConfig { ServiceURL = Address.ToString(), AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });

    /// <summary>When not null, the caller's policy allows data keys of this app alone, by the encryption context.</summary>
    public string? AllowedApp { get; set; }

    protected override JsonObject Handle(string operation, JsonObject input) => RefusesWith is { } code
        ? throw new ServiceError(code, $"A {code}.")
        : AllowedApp is { } app && input["EncryptionContext"] is { } context && context["convox:app"]?.GetValue<string>() != app
        ? throw new ServiceError("AccessDeniedException", $"No policy allows {operation}.")
        : operation switch
        {
            "GenerateDataKey" => Generate(input),
            "Decrypt" => Decrypt(input),
            "DescribeKey" => Describe(input),
            "CreateKey" => new() { ["KeyMetadata"] = new JsonObject { ["KeyId"] = Guid.NewGuid().ToString() } },
            "CreateAlias" => Alias(input),
            _ => throw new ServiceError("UnknownOperationException", operation),
        };

    private JsonObject Describe(JsonObject input) =>
        _aliases.Contains(KeyOf(input))
            ? new() { ["KeyMetadata"] = new JsonObject { ["KeyId"] = KeyOf(input) } }
            : throw new ServiceError("NotFoundException", "Alias is not found.");

    private JsonObject Alias(JsonObject input) =>
        _aliases.Add(input["AliasName"]!.GetValue<string>()) ? [] : throw new ServiceError("AlreadyExistsException", "It exists.");

    private JsonObject Generate(JsonObject input)
    {
        var (plain, blob) = (RandomNumberGenerator.GetBytes(32), Convert.ToBase64String(RandomNumberGenerator.GetBytes(150)));
        _made[blob] = (KeyOf(input), ContextOf(input), plain);
        return new() { ["KeyId"] = KeyOf(input), ["CiphertextBlob"] = blob, ["Plaintext"] = Convert.ToBase64String(plain) };
    }

    private JsonObject Decrypt(JsonObject input)
    {
        if (!_made.TryGetValue(input["CiphertextBlob"]!.GetValue<string>(), out var made) || made.Context != ContextOf(input))
            throw new ServiceError("InvalidCiphertextException", "");
        if (made.Key != KeyOf(input)) throw new ServiceError("IncorrectKeyException", "");
        return new() { ["KeyId"] = made.Key, ["Plaintext"] = Convert.ToBase64String(made.Plain) };
    }

    private static string KeyOf(JsonObject input) => input["KeyId"]!.GetValue<string>();

    private static string ContextOf(JsonObject input) =>
        string.Join('\n',
            input["EncryptionContext"]!.AsObject().OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
