using System.Globalization;

namespace Releases.Local;

/// <summary>
/// Keeps root out of another user's default home, to which <c>sudo</c> leads where it keeps <c>HOME</c>: its owner couldn't change what
/// root writes there. A home that was named is used whoever owns it.
/// </summary>
internal static class DefaultHome
{
    private const uint Root = 0;

    /// <summary>
    /// Returns the home that the environment names, or the default one. Fails with <see cref="ProblemCode.HomeNotWritable"/> if this is
    /// root and the default one is another user's.
    /// </summary>
    public static LocalHome Find()
    {
        var home = LocalHome.Default();
        if (LocalHome.IsNamed || !OperatingSystem.IsLinux() || NativeUser.geteuid() != Root || OtherOwner(home) is not { } other)
            return home;
        var name = NameOf(other);
        throw new Problem(
            ProblemCode.HomeNotWritable,
            $"the default home {home.Folder} belongs to {name}, and this command runs as root, whose files {name} couldn't change.",
            $"Run it as {name}, or name a home (CONVOX_HOME or --rack local:<folder>).", Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>
    /// Returns the owner of the home, or of the folder in which it would be created if that is the user who called <c>sudo</c>; null if it
    /// is root.
    /// </summary>
    private static uint? OtherOwner(LocalHome home)
    {
        // With the dot, a link is followed.
        var owner = FileStat.OwnerOf(Path.Combine(home.Folder, "."));
        if (owner is null && uint.TryParse(Environment.GetEnvironmentVariable("SUDO_UID"), CultureInfo.InvariantCulture, out var caller)
            && FileStat.OwnerOf(Path.Combine(Path.GetDirectoryName(home.Folder)!, ".")) == caller)
            owner = caller;
        return owner == Root ? null : owner;
    }

    private static string NameOf(uint user)
    {
        const string users = "/etc/passwd";
        var number = user.ToString(CultureInfo.InvariantCulture);
        // name:password:number:…
        var entry = !File.Exists(users) ? null
            : File.ReadLines(users).Select(l => l.Split(':')).FirstOrDefault(p => p is [_, _, var id, ..] && id == number);
        return entry?[0] ?? $"user {number}";
    }
}
