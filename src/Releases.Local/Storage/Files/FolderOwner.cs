namespace Releases.Local;

/// <summary>
/// Determines the owner of folders. In a parent that everyone can write to, a folder of another user, who may change it at any moment, is
/// neither read nor removed.
/// </summary>
public static class FolderOwner
{
    /// <summary>
    /// Determines whether a folder belongs to this user. That is always true on other systems than Linux, whose temporary folders belong to
    /// the user.
    /// </summary>
    public static bool IsThisUser(string folder) =>
        !OperatingSystem.IsLinux() || FileStat.OwnerOf(folder) == NativeUser.geteuid();
}
