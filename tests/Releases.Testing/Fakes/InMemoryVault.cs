using System.Security.Cryptography;
using System.Text;

namespace Releases.Testing;

/// <summary>Seals with a key that only this object has.</summary>
public sealed class InMemoryVault : IVault
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether its key is out of reach.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Why nothing can be opened, or null.</summary>
    public Problem? Fails { get; set; }

    public Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var plain = environment.ToJson();
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            bytes.AsSpan(0, NonceBytes), plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Bound(app, id));
        return Task.FromResult(bytes);
    }

    public Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sealedBytes);
        if (Fails is { } failure) return Task.FromException<EnvironmentSet>(failure.ToException());
        if (IsLocked || sealedBytes.Length < NonceBytes + TagBytes) return Task.FromException<EnvironmentSet>(Refused(app, id, null));
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes),
                sealedBytes.AsSpan(NonceBytes, TagBytes), plain, Bound(app, id));
            return Task.FromResult(EnvironmentSet.FromJson(plain));
        }
        catch (AuthenticationTagMismatchException e)
        {
            return Task.FromException<EnvironmentSet>(Refused(app, id, e));
        }
    }

    private static byte[] Bound(AppName app, SnapshotId id) => Encoding.UTF8.GetBytes($"{app}/{id}");

    private static ProblemException Refused(AppName app, SnapshotId id, Exception? cause) =>
        new Problem(ProblemCode.Vault, $"The environment {id} of {app} cannot be opened.").ToException(cause);
}
