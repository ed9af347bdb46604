using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Releases.Aws;

/// <summary>
/// Seals environments with AES-256-GCM, each under its own data key from KMS, which is stored with it, sealed under the rack's KMS key. A
/// sealed environment consists of: version (1 byte, 1), length of the sealed data key (2 bytes, big-endian), the sealed data key, and the
/// output of <see cref="AesSeal"/>. KMS decrypts the data key only for the same rack, app and snapshot, which its log names.
/// </summary>
/// <param name="kms">The client of KMS.</param>
/// <param name="keyId">The rack's key: an id, an ARN or an alias.</param>
/// <param name="rack">The name of the rack, <c>&lt;region&gt;/&lt;cluster&gt;</c>.</param>
/// <param name="calls">The limits and retries of calls to KMS.</param>
internal sealed class KmsVault(IAmazonKeyManagementService kms, string keyId, string rack, AwsCalls calls) : IVault
{
    /// <summary>The condition key by which a policy allows opening the environments and hooks of one app alone.</summary>
    public const string AppCondition = $"kms:EncryptionContext:{AppContext}";

    private const string AppContext = "convox:app";
    private const byte Version = 1;
    private const int HeaderBytes = 3;
    private const int KeyBytes = 32;

    /// <inheritdoc/>
    public async Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default)
    {
        var made = await Told(app, "GenerateDataKey", async token =>
            await kms.GenerateDataKeyAsync(
                new() { KeyId = keyId, KeySpec = DataKeySpec.AES_256, EncryptionContext = Context(app, id) },
                token) is { Plaintext.Length: KeyBytes, CiphertextBlob.Length: > 0 } whole
                ? whole : throw new UnreadableResponseException("it has no data key"), cancel);
        var (key, plain, sealedKey) = (made.Plaintext.ToArray(), environment.ToJson(), made.CiphertextBlob.ToArray());
        try
        {
            var header = new byte[HeaderBytes];
            header[0] = Version;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(1), checked((ushort)sealedKey.Length));
            return [.. header, .. sealedKey, .. AesSeal.Seal(key, plain, Bound(app, id))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <inheritdoc/>
    public async Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default)
    {
        if (sealedBytes.Length < HeaderBytes) throw Changed(app).ToException();
        if (sealedBytes[0] > Version) throw Newer(app).ToException();
        var length = BinaryPrimitives.ReadUInt16BigEndian(sealedBytes.AsSpan(1));
        if (length == 0 || sealedBytes.Length < HeaderBytes + length) throw Changed(app).ToException();

        var opened = await Told(app, "Decrypt", async token =>
        {
            using var sealedKey = new MemoryStream(sealedBytes, HeaderBytes, length, writable: false);
            return await kms.DecryptAsync(
                new() { KeyId = keyId, CiphertextBlob = sealedKey, EncryptionContext = Context(app, id) },
                token) is { Plaintext.Length: KeyBytes } whole
                ? whole : throw new UnreadableResponseException("it has no data key");
        }, cancel);
        var key = opened.Plaintext.ToArray();
        var plain = AesSeal.Open(key, sealedBytes.AsSpan(HeaderBytes + length), Bound(app, id));
        CryptographicOperations.ZeroMemory(key);
        if (plain is null) throw Changed(app).ToException();
        try
        {
            return EnvironmentSet.FromJson(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private Dictionary<string, string> Context(AppName app, SnapshotId id) => Context(rack, app, id.ToString());

    /// <summary>Returns the encryption context of a data key; KMS logs it, and policies may test it.</summary>
    public static Dictionary<string, string> Context(string rack, AppName app, string snapshot) => new()
    {
        ["convox:rack"] = rack,
        [AppContext] = app.ToString(),
        ["convox:snapshot"] = snapshot,
    };

    private byte[] Bound(AppName app, SnapshotId id) => Encoding.UTF8.GetBytes($"convox environment {Version}\n{rack}\n{app}\n{id}");

    private async Task<T> Told<T>(AppName app, string action, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await calls.Retry(new("KMS", "kms", action, $"the key {keyId}"), ask, cancel);
        }
        catch (Exception failure) when (Problem(app, failure) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    private Problem? Problem(AppName app, Exception failure) => failure switch
    {
        InvalidCiphertextException or IncorrectKeyException => Changed(app),
        NotFoundException => new(
            ProblemCode.Vault, $"the KMS key '{keyId}' of the rack's environments doesn't exist. Running services keep running.",
            "Check the region and the account."),
        DisabledException or KMSInvalidStateException => new(
            ProblemCode.Vault,
            $"the KMS key '{keyId}' of the rack's environments can't be used: "
                + $"{failure.Message.TrimEnd('.')}. Running services keep running.",
            "Enable the key, or cancel its deletion."),
        _ => AwsProblems.From(failure, $"the key {keyId}"),
    };

    private static Problem Changed(AppName app) => new(
        ProblemCode.Vault, $"the sealed environment of {app} was changed and can't be opened. Running services keep running.",
        Remedy.Do(Operation.SetEnvironment, "Restore the rack's table from a backup, or replace the environment", OperationOption.Replace));

    private static Problem Newer(AppName app) => NewerFormat.Refusal(
        $"The environment of {app} was sealed by a newer version and can't be opened by {ToolVersion.Text}. "
        + "Running services keep running.");
}
