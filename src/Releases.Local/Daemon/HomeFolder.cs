namespace Releases.Local;

/// <summary>Makes folders that only their user can enter.</summary>
public static class HomeFolder
{
    /// <summary>The home itself. Fails with <see cref="ProblemCode.HomeNotWritable"/>.</summary>
    public static void Create(LocalHome home)
    {
        try
        {
            CreatePrivate(home.Folder);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new Problem(
                ProblemCode.HomeNotWritable, $"The local rack's home {home.Folder} cannot be made: {refused.Message}",
                "Make it writable, or choose another with CONVOX_HOME.").ToException(refused);
        }
    }

    /// <summary>A folder of mode 0700, with its parents.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
