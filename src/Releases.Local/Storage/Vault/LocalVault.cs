using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>
/// Seals environments with AES-256-GCM under the key file of the home, which is created when the first one is sealed. A sealed environment
/// consists of: version (1 byte, 1), fingerprint of the key (8), nonce (12), tag (16), ciphertext.
/// </summary>
/// <param name="home">The home with the key file.</param>
/// <param name="hasSnapshots">Determines whether anything was sealed before. If so, a missing key was lost, and a new one isn't
/// created.</param>
internal sealed class LocalVault(LocalHome home, Func<Task<bool>> hasSnapshots) : IVault
{
    private const byte Version = 1;
    private const int FingerprintBytes = 8;
    private const int HeaderBytes = 1 + FingerprintBytes;

    private readonly VaultKey _file = new(home);

    public async Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default)
    {
        var key = _file.Read() ?? (await hasSnapshots() ? throw Lost().ToException() : _file.Create());
        var plain = environment.ToJson();
        byte[] bytes = [Version, .. Fingerprint(key), .. AesSeal.Seal(key, plain, Bound(app, id))];
        CryptographicOperations.ZeroMemory(plain);
        return bytes;
    }

    public Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default)
    {
        try
        {
            return Task.FromResult(Open(app, id, sealedBytes));
        }
        catch (ProblemException e)
        {
            return Task.FromException<EnvironmentSet>(e);
        }
    }

    private EnvironmentSet Open(AppName app, SnapshotId id, byte[] sealedBytes)
    {
        var key = _file.Read() ?? throw Lost().ToException();
        if (sealedBytes.Length < HeaderBytes) throw Changed(app).ToException();
        if (sealedBytes[0] > Version) throw Newer(app).ToException();
        if (!sealedBytes.AsSpan(1, FingerprintBytes).SequenceEqual(Fingerprint(key))) throw OtherKey(app).ToException();

        var plain = AesSeal.Open(key, sealedBytes.AsSpan(HeaderBytes), Bound(app, id)) ?? throw Changed(app).ToException();
        try
        {
            return EnvironmentSet.FromJson(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Returns the associated data, so that bytes that are moved to another app, id or format don't open.</summary>
    private static byte[] Bound(AppName app, SnapshotId id) => Encoding.UTF8.GetBytes($"convox environment {Version}\n{app}\n{id}");

    /// <summary>Returns the fingerprint of a key in hex, which identifies the key and reveals nothing about it.</summary>
    internal static string FingerprintOf(byte[] key) => Convert.ToHexStringLower(Fingerprint(key));

    /// <summary>
    /// Returns the fingerprint of a key, which distinguishes a wrong key from changed bytes and reveals nothing about the key.
    /// </summary>
    private static byte[] Fingerprint(byte[] key) => SHA256.HashData(key)[..FingerprintBytes];

    private Problem Lost() => new(
        ProblemCode.Vault,
        $"the key of the vault, '{home.VaultKey}', is missing, so environments sealed with it can't be opened. "
            + "Running services aren't affected.",
        "Restore the key file from a backup.");

    private Problem OtherKey(AppName app) => new(
        ProblemCode.Vault,
        $"the environment of {app} was sealed with another key than the one in '{home.VaultKey}'. Running services aren't affected.",
        "Restore the key file of this rack.");

    private static Problem Changed(AppName app) => new(
        ProblemCode.Vault,
        $"the sealed environment of {app} was changed after it was stored and can't be opened. Running services aren't affected.",
        Remedy.Do(Operation.SetEnvironment, "Restore the rack's database from a backup, or set the environment again",
            OperationOption.Replace));

    private static Problem Newer(AppName app) => NewerFormat.Refusal(
        $"the environment of {app} was sealed by a newer version and can't be opened by {ToolVersion.Text}. "
            + "Running services aren't affected.");
}
