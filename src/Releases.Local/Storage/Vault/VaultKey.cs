using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Represents the key file of a home: 32 random bytes that only its user can read.</summary>
internal sealed class VaultKey(LocalHome home)
{
    private const int Bytes = 32;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the key, or returns null if there is no file.</summary>
    public byte[]? Read()
    {
        try
        {
            if (!File.Exists(home.VaultKey)) return null;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(home.VaultKey) & Others) != 0) throw Open().ToException();
            var key = File.ReadAllBytes(home.VaultKey);
            return key.Length == Bytes ? key : throw WrongLength(key.Length).ToException();
        }
        catch (Exception e) when (DiskProblems.From(e, home.VaultKey) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    /// <summary>Creates the key. If several processes do this at once, one wins and all get its key.</summary>
    public byte[] Create()
    {
        HomeFolder.CreatePrivate(home.Folder);
        try
        {
            AtomicFile.TryCreate(home.VaultKey, RandomNumberGenerator.GetBytes(Bytes), PrivateFiles.Mode);
        }
        catch (Exception e) when (DiskProblems.From(e, home.VaultKey) is { } problem)
        {
            throw problem.ToException(e);
        }

        return Read() ?? throw new FileNotFoundException("The key was removed as soon as it was made.", home.VaultKey);
    }

    /// <summary>Replaces the key atomically. Call this only if nothing is sealed with the current one.</summary>
    public void Put(byte[] key)
    {
        if (key.Length != Bytes) throw new InvalidDataException($"its key has {Quantity.Text(key.Length, "byte")} instead of {Bytes}");
        AtomicFile.Write(home.VaultKey, key, PrivateFiles.Mode);
    }

    private Problem Open() => new(
        ProblemCode.Vault,
        $"the key of the vault, '{home.VaultKey}', can be read by other users of this machine, "
            + "so it isn't used. Running services aren't affected.",
        $"If no one else has read it, restrict it: chmod 600 '{home.VaultKey}'");

    private Problem WrongLength(int length) => new(
        ProblemCode.Vault,
        $"the key of the vault, '{home.VaultKey}', has {Quantity.Text(length, "byte")} instead of {Bytes}, so it isn't a key. "
            + "Running services aren't affected.",
        "Restore the key file from a backup.");
}
