using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>
/// Represents <c>home.id</c>, which ties a home to its folder on this machine; every daemon writes it. The file of a home that came from
/// elsewhere, as in a cloned repository, doesn't match: on Linux its author can know neither the machine's id nor the folder's inode, and
/// elsewhere not when the folder was created. Nothing of such a home is started before somebody starts its rack.
/// </summary>
internal sealed class HomeIdentity(LocalHome home)
{
    private const string MachineId = "/etc/machine-id";

    /// <summary>Determines whether a daemon was started in this folder on this machine.</summary>
    public bool IsKnown()
    {
        try
        {
            return File.ReadAllText(home.Identity) == Current();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Determines whether daemons ran in this home in another folder or on another machine only, where they may still be running. A home of
    /// 0.1 has no such file, so nothing is known about it.
    /// </summary>
    public bool IsOfAnotherFolder() => File.Exists(home.Identity) && !IsKnown();

    /// <summary>Writes it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or <see cref="ProblemCode.DiskFull"/>.</summary>
    public void Write()
    {
        try
        {
            HomeFolder.MoveAside(home.Identity);
            AtomicFile.Write(home.Identity, Encoding.UTF8.GetBytes(Current()));
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Identity) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    private string Current()
    {
        var machine = File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : "";
        // With the dot, a link is followed.
        var folder = FileStat.Of(Path.Combine(home.Folder, "."))?.Inode.ToString(CultureInfo.InvariantCulture)
            ?? Directory.GetCreationTimeUtc(home.Folder).Ticks.ToString(CultureInfo.InvariantCulture);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{machine} {folder}")));
    }
}
